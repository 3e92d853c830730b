package io.lowpass.streaming;

import io.lowpass.contracts.Sha256;
import java.nio.ByteBuffer;

/**
 * Any number of names, such as job ids, of each only a hash of 64 bits: 16 to 32 bytes for a name. Among a hundred million
 * of them, a name that is not there is taken for one that is once in two hundred thousand million times. Safe for many
 * threads.
 */
public final class NameSet {

    /** Marks a free place. */
    private static final long FREE = 0;

    private static final int SMALLEST = 1024;

    private long[] places = new long[SMALLEST];
    private int size;

    /** Adds the name, if it is not there. */
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

    /** Where the hash is, or would be put: the first place from its own on that is its or free. */
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
