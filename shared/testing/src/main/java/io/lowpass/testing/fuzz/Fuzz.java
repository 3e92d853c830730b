package io.lowpass.testing.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a reader with many mutated inputs, and checks that it answers each one, with a value or a documented exception,
 * within limits of time and memory.
 *
 * <p>The property {@code fuzz.inputs} sets the number of inputs ({@value #FEW} by default) and {@code fuzz.seed} the
 * seed (1 by default). {@code deploy/checks/fuzz} tries many. A failing input is saved in the folder {@code
 * target/fuzz}; one that crashes the process remains there as {@code NAME.current}.
 *
 * @param name kind of input
 * @param good valid inputs to start from
 * @param refusals exceptions that the reader may throw
 */
public record Fuzz(String name, List<byte[]> good, List<Class<? extends RuntimeException>> refusals) {

    private static final int FEW = 200;
    private static final long INPUTS = Long.getLong("fuzz.inputs", FEW);
    private static final long SEED = Long.getLong("fuzz.seed", 1);
    private static final long PATIENCE_SECONDS = 10;
    private static final long MOST_BYTES = 256L << 20;
    private static final int MOST_FINDINGS = 10;
    private static final Path FOLDER = Path.of("target", "fuzz");

    /** Copies what may be changed from outside. */
    public Fuzz {
        good = List.copyOf(good);
        refusals = List.copyOf(refusals);
    }

    /** The reader under test. */
    @FunctionalInterface
    public interface Reader {

        /** Reads the input and checks the result. */
        void read(byte[] input) throws IOException;
    }

    /**
     * Feeds the reader with the valid inputs, then with the mutated ones.
     *
     * @throws AssertionError with the failures and the files of their inputs
     */
    public void check(Reader reader) {
        Map<String, String> findings = new LinkedHashMap<>();
        AtomicReference<Thread> worker = new AtomicReference<>(Thread.currentThread());
        ExecutorService executor = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "fuzz-" + name);
            thread.setDaemon(true);
            worker.set(thread);
            return thread;
        });
        try {
            for (int i = 0; i < INPUTS + good.size() && findings.size() < MOST_FINDINGS; i++) {
                byte[] input = input(i);
                store(name + ".current", input);
                String problem = problem(executor.submit(() -> allocated(reader, input)), worker);
                if (!problem.isEmpty() && !findings.containsKey(problem)) {
                    findings.put(
                            problem, store(name + "-" + SEED + "-" + i, input).toString());
                }
            }
            Files.deleteIfExists(FOLDER.resolve(name + ".current"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            executor.shutdownNow();
        }
        if (!findings.isEmpty()) {
            throw new AssertionError(name + ", seed " + SEED + ": not answered\n" + findings);
        }
    }

    private byte[] input(int i) {
        return i < good.size() ? good.get(i) : new Mutations(good, new SplittableRandom(SEED * 1_000_003 + i)).next();
    }

    /** Heap allocation of the reader in bytes. */
    private static long allocated(Reader reader, byte[] input) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        reader.read(input);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** The failure, without details that vary from input to input; empty if there is none. */
    private String problem(Future<Long> answer, AtomicReference<Thread> worker) {
        try {
            long bytes = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return bytes > MOST_BYTES ? "more than " + (MOST_BYTES >> 20) + " MiB for an answer" : "";
        } catch (ExecutionException e) {
            Throwable error = e.getCause() == null ? e : e.getCause();
            return isRefusal(error)
                    ? ""
                    : error.getClass().getName() + shortened(error.getMessage()) + at(error.getStackTrace());
        } catch (TimeoutException e) {
            throw new AssertionError(
                    name + ": no answer within " + PATIENCE_SECONDS + " s to " + FOLDER.resolve(name + ".current")
                            + at(Objects.requireNonNull(worker.get()).getStackTrace()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(name + ": interrupted", e);
        }
    }

    /** A documented exception must have a message. */
    private boolean isRefusal(Throwable error) {
        return refusals.stream().anyMatch(type -> type.isInstance(error))
                && error.getMessage() != null
                && !error.getMessage().isBlank();
    }

    private static String shortened(@Nullable String message) {
        return message == null
                ? ""
                : ": " + message.substring(0, Math.min(80, message.length())).replaceAll("[0-9]+", "#");
    }

    private static String at(StackTraceElement[] trace) {
        return Arrays.stream(trace)
                .filter(frame -> frame.getClassName().startsWith("io.lowpass"))
                .limit(3)
                .map(frame -> "\n    at " + frame)
                .reduce("", String::concat);
    }

    private static Path store(String file, byte[] input) {
        try {
            Files.createDirectories(FOLDER);
            return Files.write(FOLDER.resolve(file), input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
