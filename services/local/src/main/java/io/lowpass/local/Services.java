package io.lowpass.local;

import io.lowpass.contracts.Boundary;
import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import io.quarkus.runtime.Application;
import io.quarkus.runtime.Quarkus;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** The four services as one Quarkus application, running beside the thread that started it. */
final class Services implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Services.class);
    private static final long MILLIS_BETWEEN_LOOKS = 20;

    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private Services() {}

    /** Starts the application and waits until all its beans have started. */
    static Services start(Map<String, String> configuration) {
        // The only way to pass configuration to a Quarkus application in the same process.
        configuration.forEach(System::setProperty);
        Services services = new Services();
        Thread thread = new Thread(services::run, "services");
        thread.setDaemon(true);
        thread.start();
        services.awaitStarted();
        return services;
    }

    /** What ends the application before it can tell its exit handler ends the wait for it, too. */
    private void run() {
        end(Boundary.failureOf(() -> Quarkus.run(null, (code, error) -> end(error)))
                .orElse(null));
    }

    private void end(@org.jspecify.annotations.Nullable Throwable error) {
        if (error == null) {
            ended.complete(null);
        } else {
            ended.completeExceptionally(error);
        }
    }

    /**
     * Waits until all beans have started.
     *
     * @throws IllegalStateException if the application ends instead, with the reason
     */
    private void awaitStarted() {
        while (!isStarted()) {
            if (ended.isDone()) {
                throw new IllegalStateException("the services did not start", reason());
            }
            rest();
        }
    }

    private static boolean isStarted() {
        Application application = Application.currentApplication();
        return application != null && application.isStarted();
    }

    private @org.jspecify.annotations.Nullable Throwable reason() {
        return ended.handle((nothing, error) -> error).join();
    }

    private static void rest() {
        try {
            Thread.sleep(MILLIS_BETWEEN_LOOKS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /** A bean of the application. */
    <T> T bean(Class<T> type) {
        return Arc.container().instance(type).get();
    }

    /** Whether the application has ended, or is about to. */
    boolean hasEnded() {
        ArcContainer container = Arc.container();
        return ended.isDone() || container == null || !container.isRunning();
    }

    /** Waits until the application has ended, whoever ended it. */
    void awaitEnd() {
        ended.exceptionally(error -> null).join();
    }

    /** Ends the application and waits for it. */
    @Override
    public void close() {
        Quarkus.asyncExit(0);
        awaitEnd(Duration.ofSeconds(30));
    }

    /** Waits until the application has ended, at most for {@code time}. */
    void awaitEnd(Duration time) {
        try {
            ended.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException error) {
            LOG.warnf("The services did not end in order: %s", error);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
