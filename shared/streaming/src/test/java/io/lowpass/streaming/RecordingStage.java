package io.lowpass.streaming;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A stage that notes what it was given; what it does with a frame besides can be set by job. */
final class RecordingStage implements PipelineStage {

    final Map<String, List<String>> completed = new ConcurrentHashMap<>();
    final List<String> endings = new CopyOnWriteArrayList<>();
    final List<String> opened = new CopyOnWriteArrayList<>();
    final Map<String, Consumer<Frame>> reactions = new ConcurrentHashMap<>();
    final Map<String, Integer> taken = new ConcurrentHashMap<>();

    @Override
    public StreamSession open(StreamHead head) {
        String name = head.jobId() + "/" + head.attempt();
        opened.add(name);
        List<String> frames = new ArrayList<>();
        return new StreamSession() {
            @Override
            public void accept(Frame frame) {
                Optional.ofNullable(reactions.get(head.jobId())).ifPresent(reaction -> reaction.accept(frame));
                frames.add(frame.index() + ":" + frame.bytes().remaining() + ":"
                        + frame.bytes().get(0));
                taken.merge(head.jobId(), 1, Integer::sum);
            }

            @Override
            public void complete() {
                completed.merge(name, List.copyOf(frames), (before, again) -> {
                    throw new IllegalStateException(name + " completed twice");
                });
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void ended(String jobId, int attempt, Ending ending, String reason) {
        endings.add(jobId + "/" + attempt + " " + ending);
    }
}
