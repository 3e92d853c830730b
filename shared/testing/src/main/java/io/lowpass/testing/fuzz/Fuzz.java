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
 * Gives a reader many inputs, each a good one that was changed, and sees that it answers every one: with a value or one
 * of the refusals that it documents, in time, without much memory.
 *
 * <p>The property {@code fuzz.inputs} says how many ({@value #FEW} by default) and {@code fuzz.seed} which (1 by
 * default): the same seed makes the same inputs. {@code deploy/checks/fuzz} tries many. An input that is not answered is
 * in the folder {@code target/fuzz}; what takes the process with it is there as {@code NAME.current}.
 *
 * @param name of the kind of input
 * @param good inputs to begin with
 * @param refusals what the reader may throw
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

    /** What is tried with an input. */
    @FunctionalInterface
    public interface Reader {

        /** Reads the input and looks at what came of it. */
        void read(byte[] input) throws IOException;
    }

    /**
     * Gives the reader the good inputs as they are, then the changed ones.
     *
     * @throws AssertionError that shows what was not answered, and where those inputs are
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

    /** Bytes that the reader took from the heap. */
    private static long allocated(Reader reader, byte[] input) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        reader.read(input);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** What went wrong, without what differs from input to input; empty if nothing did. */
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

    /** A refusal has a reason. */
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
