package io.lowpass.streaming;

import io.lowpass.contracts.Sha256;
import java.nio.ByteBuffer;

/**
 * A set of names, such as job ids, that keeps a 64-bit hash of each: 16 to 32 bytes per name. With a hundred million
 * names, the probability that an absent name appears present is one in two hundred billion. Safe for many threads.
 */
public final class NameSet {

    /** Marks a free slot. */
    private static final long FREE = 0;

    private static final int SMALLEST = 1024;

    private long[] places = new long[SMALLEST];
    private int size;

    /** Adds the name. */
    public void add(String name) {
        long hash = hash(name);
        synchronized (this) {
            int place = place(places, hash);
            if (places[place] == FREE) {
                places[place] = hash;
                size++;
                if (size > places.length / 2) {
                    grow();
                }
            }
        }
    }

    /** Whether the name was added. */
    public boolean contains(String name) {
        long hash = hash(name);
        synchronized (this) {
            return places[place(places, hash)] == hash;
        }
    }

    private void grow() {
        long[] larger = new long[places.length * 2];
        for (long hash : places) {
            if (hash != FREE) {
                larger[place(larger, hash)] = hash;
            }
        }
        places = larger;
    }

    /** The slot of the hash, by linear probing. */
    private static int place(long[] places, long hash) {
        int place = (int) hash & (places.length - 1);
        while (places[place] != FREE && places[place] != hash) {
            place = (place + 1) & (places.length - 1);
        }
        return place;
    }

    private static long hash(String name) {
        long hash = ByteBuffer.wrap(Sha256.of(name)).getLong();
        return hash == FREE ? 1 : hash;
    }
}
