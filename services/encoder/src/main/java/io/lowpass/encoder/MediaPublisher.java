package io.lowpass.encoder;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.Size;
import io.lowpass.contracts.Topics;
import io.lowpass.streaming.StageException;
import io.lowpass.streaming.StreamHead;
import io.lowpass.video.Fragment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** Publishes the fragments of one run of one video, numbered from 0. */
final class MediaPublisher {

    private static final int UNKNOWN = -1;

    private final EventPublisher publisher;
    private final StreamHead head;
    private final Size size;
    private final String run = UUID.randomUUID().toString();
    private int next;

    MediaPublisher(EventPublisher publisher, StreamHead head, Size size) {
        this.publisher = publisher;
        this.head = head;
        this.size = size;
    }

    /** Sends fragments that are not the last, and waits for the acknowledgements; returns their size in bytes. */
    long send(List<Fragment> fragments) {
        return await(fragments.stream()
                .flatMap(fragment -> chunks(fragment, UNKNOWN, Map.of()))
                .toList());
    }

    /** As {@link #send}, for the last fragments of the video. */
    long sendLast(List<Fragment> fragments, Map<String, String> attributes) {
        int count = next + fragments.size();
        return await(fragments.stream()
                .flatMap(fragment ->
                        next == count - 1 ? chunks(fragment, count, attributes) : chunks(fragment, UNKNOWN, Map.of()))
                .toList());
    }

    private Stream<Chunk> chunks(Fragment fragment, int count, Map<String, String> extra) {
        Map<String, String> attributes = new HashMap<>(extra);
        if (next == 0) {
            attributes.putAll(head.attributes());
            attributes.put(Chunk.SIZE, size.toString());
        }
        return Chunk.media(head.jobId(), head.attempt(), next++, count, attributes, fragment.bytes()).stream()
                .map(chunk -> chunk.inRun(run));
    }

    private long await(List<Chunk> chunks) {
        List<? extends CompletableFuture<?>> sent = chunks.stream()
                .map(chunk -> publisher.send(Topics.MEDIA, chunk))
                .toList();
        try {
            CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            throw new StageException(
                    "BROKER.AWAY", ErrorClass.RETRYABLE, "the broker did not acknowledge a fragment", e);
        }
        return chunks.stream().mapToLong(chunk -> chunk.payload().remaining()).sum();
    }
}
