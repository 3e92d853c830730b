package io.lowpass.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.Job;
import io.lowpass.contracts.WorkerState;
import io.lowpass.streaming.MemoryBudget;
import io.lowpass.streaming.StageException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoadedModelsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private final LoadedModels models =
            new LoadedModels(MemoryBudget.of(100), 100, new SamplerMetrics(new SimpleMeterRegistry()));

    /** Holds nothing, and tells when it is made and closed. */
    private final class Told implements Generator {

        private final String name;
        private final boolean streamed;

        Told(String name, boolean streamed) {
            this.name = name;
            this.streamed = streamed;
            events.add("load " + name);
        }

        @Override
        public String device() {
            return "cpu";
        }

        @Override
        public boolean isStreamed() {
            return streamed;
        }

        @Override
        public PlannedVideo plan(Job job) {
            throw new UnsupportedOperationException("not asked for here");
        }

        @Override
        public void close() {
            events.add("close " + name);
        }
    }

    private void add(String name, long weights) {
        models.add(name, ScriptedLoader.of(weights, room -> new Told(name, weights > room)), Runnable::run)
                .join();
    }

    @Test
    void whatFitsTogetherIsWarmFromTheStart() {
        // When
        add("a", 60);
        add("b", 30);
        add("c", 20);
        // Then
        assertThat(models.warm()).containsExactly("a", "b");
        assertThat(models.streamed()).isEmpty();
        assertThat(models.problem("c")).isEmpty();
    }

    @Test
    void aColdModelTakesThePlaceOfTheOneUsedLongestAgo() {
        // Given
        add("a", 60);
        add("b", 30);
        add("c", 50);
        models.generator("b");
        models.generator("a");
        models.generator("b");
        // When
        models.generator("c");
        // Then
        assertThat(events).containsExactly("load a", "load b", "close a", "load c");
        assertThat(models.warm()).containsExactly("b", "c");
        // When: it comes back
        models.generator("a");
        // Then
        assertThat(events).endsWith("close b", "close c", "load a");
        assertThat(models.isLoaded("c")).isFalse();
    }

    @Test
    void whoeverListensIsToldOfEveryChange() {
        // Given
        List<List<WorkerState.Model>> told = new ArrayList<>();
        models.onChange(() -> told.add(models.states()));
        // When
        add("a", 60);
        add("b", 50);
        models.generator("b");
        // Then
        assertThat(told.get(0)).containsExactly(new WorkerState.Model("a", true, false, Optional.empty()));
        assertThat(told.get(told.size() - 1))
                .containsExactly(
                        new WorkerState.Model("a", false, false, Optional.empty()),
                        new WorkerState.Model("b", true, false, Optional.empty()));
    }

    @Test
    void aModelLargerThanTheRoomIsStreamedAndSaidToBe() {
        // When
        add("huge", 500);
        // Then
        assertThat(models.warm()).containsExactly("huge");
        assertThat(models.streamed()).containsExactly("huge");
    }

    @Test
    void aModelThatMadeRoomIsStillUsable() {
        // Given
        add("a", 60);
        add("b", 50);
        assertThat(models.isUsable("a")).isTrue();
        assertThat(models.isUsable("b")).isFalse();
        // When
        models.generator("b");
        // Then
        assertThat(models.isLoaded("a")).isFalse();
        assertThat(models.isUsable("a")).isTrue();
        assertThat(models.isUsable("nowhere")).isFalse();
    }

    @Test
    void aModelWhoseTurnHasNotComeIsWaitedForBeforeItTakesRoom() throws Exception {
        // Given: a warm model, and one that is to be added
        add("a", 60);
        List<Runnable> queue = new ArrayList<>();
        var added = models.add("b", ScriptedLoader.of(50, room -> new Told("b", false)), queue::add);
        // When: a job names it before its turn
        Thread job = new Thread(() -> models.generator("b"));
        job.start();
        await().atMost(PATIENCE).until(() -> job.getState() == Thread.State.WAITING);
        assertThat(events).containsExactly("load a");
        queue.forEach(Runnable::run);
        job.join();
        // Then: it did not fit beside the other, which the job's use of it knew
        assertThat(added).isCompleted();
        assertThat(events).containsExactly("load a", "close a", "load b");
        assertThat(models.warm()).containsExactly("b");
    }

    @Test
    void whateverGoesWrongWithAModelIsItsProblem() {
        // Given
        ModelLoader unreadable = new ModelLoader() {
            @Override
            public long weights() {
                throw new UncheckedIOException(new AccessDeniedException("config.json"));
            }

            @Override
            public Generator load(long room) {
                throw new IllegalStateException("not reached");
            }
        };
        // When
        var added = models.add("secret", unreadable, Runnable::run);
        add("a", 60);
        // Then
        assertThat(added).isCompleted();
        assertThat(models.problem("secret"))
                .hasValueSatisfying(why -> assertThat(why).contains("AccessDenied", "config.json"));
        assertThat(models.isUsable("secret")).isFalse();
        assertThat(models.warm()).containsExactly("a");
        assertThatThrownBy(() -> models.generator("secret"))
                .isInstanceOf(StageException.class)
                .hasMessageContaining("config.json");
    }

    @Test
    void aModelThatCannotBeLoadedSaysWhyAndTakesNoRoom() {
        // Given
        models.add(
                        "broken",
                        ScriptedLoader.of(90, room -> {
                            throw new IllegalArgumentException("no such folder");
                        }),
                        Runnable::run)
                .join();
        // When
        add("a", 80);
        // Then
        assertThat(models.problem("broken")).contains("no such folder");
        assertThat(models.warm()).containsExactly("a");
        assertThatThrownBy(() -> models.generator("broken"))
                .isInstanceOf(StageException.class)
                .hasMessageContaining("no such folder");
        assertThatThrownBy(() -> models.generator("unknown")).hasMessageContaining("available are [a, broken]");
    }
}
