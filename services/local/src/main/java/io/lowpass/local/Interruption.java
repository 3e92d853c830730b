package io.lowpass.local;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Lets a command finish its job before the services stop. */
@ApplicationScoped
public class Interruption {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private volatile Optional<RunningJob> running = Optional.empty();

    /** A job in progress: how to cancel it, and when it has ended. */
    private record RunningJob(Runnable cancel, CompletableFuture<Void> ended) {}

    /** Calls {@code cancel} if the process is asked to stop before the returned future completes. */
    CompletableFuture<Void> whileRunning(Runnable cancel) {
        RunningJob work = new RunningJob(cancel, new CompletableFuture<>());
        running = Optional.of(work);
        return work.ended();
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        running.filter(work -> !work.ended().isDone()).ifPresent(work -> {
            work.cancel().run();
            work.ended()
                    .completeOnTimeout(null, LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS)
                    .join();
        });
    }
}
