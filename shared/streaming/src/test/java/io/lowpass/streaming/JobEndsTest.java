package io.lowpass.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.Event;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.JobEvent.Failed;
import io.lowpass.contracts.JobEvent.Failure;
import io.lowpass.contracts.TopicSetup;
import io.lowpass.contracts.Topics;
import io.lowpass.embedded.EmbeddedKafka;
import io.lowpass.testing.kafka.HeldProducer;
import io.lowpass.testing.kafka.TopicRecords;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobEndsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    static EmbeddedKafka kafka;
    static TopicRecords stateTopic;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(directory);
        TopicSetup.DEFAULT.apply(kafka.bootstrapServers());
        stateTopic = new TopicRecords(kafka.bootstrapServers(), Topics.STATE);
    }

    @AfterAll
    static void stop() {
        stateTopic.close();
        kafka.close();
    }

    @Test
    void theSecondEndOfAJobIsNotTold() {
        try (JobStates states = states()) {
            // Given
            JobEnds ends = new JobEnds(kafka.bootstrapServers(), states);
            // When
            boolean first = ends.publish(cancelled("twice", 1));
            boolean second = ends.publish(failed("twice", 2));
            // Then
            assertThat(first).isTrue();
            assertThat(second).isFalse();
            assertThat(published("twice")).singleElement().isInstanceOf(Cancelled.class);
        }
    }

    @Test
    void aJobStaysOverHoweverManyEndAfterIt() {
        try (JobStates states = states()) {
            // Given
            JobEnds ends = new JobEnds(kafka.bootstrapServers(), states);
            ends.publish(cancelled("long-ago", 1));
            // When
            IntStream.rangeClosed(0, 100_000).forEach(i -> states.note(cancelled("later-" + i, 1)));
            // Then
            assertThat(states.isOver("long-ago")).isTrue();
            assertThat(ends.publish(failed("long-ago", 2))).isFalse();
            assertThat(published("long-ago")).singleElement().isInstanceOf(Cancelled.class);
        }
    }

    @Test
    void aForeignTransactionThatStaysOpenOnControlHoldsUpNoEnd() throws Exception {
        try (JobStates before = states();
                Producer<String, byte[]> foreign = JobEnds.producer(kafka.bootstrapServers(), "foreign")) {
            before.catchUp();
            // Given: a record in every partition of control, in a transaction that stays open
            foreign.initTransactions();
            foreign.beginTransaction();
            for (PartitionInfo partition : foreign.partitionsFor(Topics.CONTROL)) {
                foreign.send(new ProducerRecord<>(Topics.CONTROL, partition.partition(), "k", new byte[0]))
                        .get();
            }
            // When: one who followed the states before, and one who begins now, end a job each
            CompletableFuture<Boolean> old = CompletableFuture.supplyAsync(
                    () -> new JobEnds(kafka.bootstrapServers(), before).publish(cancelled("open-1", 1)));
            try (JobStates after = states()) {
                CompletableFuture<Boolean> fresh = CompletableFuture.supplyAsync(
                        () -> new JobEnds(kafka.bootstrapServers(), after).publish(cancelled("open-2", 1)));
                // Then: before the transaction can time out, after 10 s
                assertThat(old.get(8, TimeUnit.SECONDS)).isTrue();
                assertThat(fresh.get(8, TimeUnit.SECONDS)).isTrue();
                assertThat(after.isCurrent()).isTrue();
            }
            foreign.abortTransaction();
        }
    }

    @Test
    void aThreadThatEndsByItselfIsTold() throws Exception {
        try (JobStates states = states()) {
            states.catchUp();
            assertThat(states.problem()).isEmpty();
            // When: what nobody foresaw
            Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("test-states"))
                    .forEach(Thread::interrupt);
            // Then
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(states.problem()).get().asString().contains("test-states ended"));
            assertThat(states.isCurrent()).isFalse();
        }
    }

    @Test
    void aRefusalInWhateverGuiseIsTriedAgain() {
        // Given: commits that are refused as brokers refuse them to one that was fenced, then one that is not
        List<RuntimeException> refusals = new ArrayList<>(List.of(
                new InvalidTxnStateException("ended by another"),
                new ProducerFencedException("another registered"),
                new KafkaException("wrapped", new InvalidProducerEpochException("an epoch of before"))));
        try (JobStates states = states()) {
            JobEnds ends = new JobEnds(
                    id -> refusals.isEmpty()
                            ? JobEnds.producer(kafka.bootstrapServers(), id)
                            : refusing(refusals.remove(0)),
                    states);
            // When
            boolean published = ends.publish(cancelled("refused", 1));
            // Then
            assertThat(published).isTrue();
            assertThat(published("refused")).singleElement().isInstanceOf(Cancelled.class);
        }
    }

    private static Producer<String, byte[]> refusing(RuntimeException refusal) {
        MockProducer<String, byte[]> producer =
                new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
        producer.commitTransactionException = refusal;
        return producer;
    }

    @Test
    void aWriterThatHangsBeforeItSendsIsRefusedWhenItWakesUp() throws Exception {
        aWriterThatHangs("before-send", HeldProducer.At.SEND);
    }

    @Test
    void aWriterThatHangsBeforeItCommitsIsRefusedWhenItWakesUp() throws Exception {
        aWriterThatHangs("before-commit", HeldProducer.At.COMMIT);
    }

    private static void aWriterThatHangs(String jobId, HeldProducer.At where) throws Exception {
        try (JobStates zombieStates = states();
                JobStates successorStates = states()) {
            // Given: a process that has seen no end of the job, and hangs where it is about to write one
            HeldProducer held = new HeldProducer(id -> JobEnds.producer(kafka.bootstrapServers(), id), where);
            JobEnds zombie = new JobEnds(held, zombieStates);
            CompletableFuture<Boolean> late = CompletableFuture.supplyAsync(() -> zombie.publish(failed(jobId, 1)));
            held.awaitHeld();
            // When: its successor ends the job, then it wakes up
            boolean published = new JobEnds(kafka.bootstrapServers(), successorStates).publish(cancelled(jobId, 2));
            held.release();
            // Then
            assertThat(published).isTrue();
            assertThat(late.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isFalse();
            assertThat(published(jobId)).singleElement().isInstanceOf(Cancelled.class);
        }
    }

    @Test
    void ofManyThatWantToEndAJobAtOnceOneDoes() throws Exception {
        // Given: four processes, and jobs that share their transactional ids
        List<JobStates> views = new ArrayList<>();
        List<CompletableFuture<Boolean>> tellings = new ArrayList<>();
        int jobs = 6;
        try {
            for (int process = 0; process < 4; process++) {
                JobStates view = states();
                views.add(view);
                JobEnds ends = new JobEnds(kafka.bootstrapServers(), view);
                int attempt = process + 1;
                // When
                IntStream.range(0, jobs)
                        .forEach(job -> tellings.add(CompletableFuture.supplyAsync(
                                () -> ends.publish(failed("race-" + job, attempt)), task -> new Thread(task).start())));
            }
            for (CompletableFuture<Boolean> telling : tellings) {
                telling.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            views.forEach(JobStates::close);
        }
        // Then
        assertThat(tellings.stream().filter(CompletableFuture::join)).hasSize(jobs);
        IntStream.range(0, jobs)
                .forEach(job -> assertThat(published("race-" + job)).hasSize(1));
    }

    @Test
    void anOpenTransactionOfAnotherDoesNotHideAnEnd() throws Exception {
        // Given: a transaction on the job's partition that began before the job's end and is open
        try (JobStates states = states();
                JobStates others = states();
                Producer<String, byte[]> other = JobEnds.producer(kafka.bootstrapServers(), "somebody-else")) {
            other.initTransactions();
            other.beginTransaction();
            other.send(Events.record(failed("hidden", 1))).get();
            var end = CompletableFuture.supplyAsync(
                    () -> new JobEnds(kafka.bootstrapServers(), states).publish(cancelled("hidden", 1)));
            // When: both ask for what there is; neither may answer before the open one is known
            Thread.sleep(1_000);
            assertThat(end).isNotDone();
            other.abortTransaction();
            // Then
            assertThat(end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(new JobEnds(kafka.bootstrapServers(), others).publish(failed("hidden", 2)))
                    .isFalse();
            assertThat(published("hidden")).singleElement().isInstanceOf(Cancelled.class);
        }
    }

    @Test
    void whatDoesNotEndAJobIsNotTold() {
        try (JobStates states = states()) {
            JobEnds ends = new JobEnds(kafka.bootstrapServers(), states);
            JobEvent again = new Failed("again", 1, Instant.now(), new Failure("X", ErrorClass.RETRYABLE, "x"), true);
            assertThatThrownBy(() -> ends.publish(again)).hasMessageContaining("does not end a job");
        }
    }

    private static JobStates states() {
        return new JobStates(kafka.bootstrapServers(), "test");
    }

    private static JobEvent cancelled(String jobId, int attempt) {
        return new Cancelled(jobId, attempt, Instant.now(), 3, "enough");
    }

    private static JobEvent failed(String jobId, int attempt) {
        return new Failed(jobId, attempt, Instant.now(), new Failure("X", ErrorClass.PERMANENT, "x"), false);
    }

    private static List<Event> published(String jobId) {
        return stateTopic.events(jobId);
    }
}
