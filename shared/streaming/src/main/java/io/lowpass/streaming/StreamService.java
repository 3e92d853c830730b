package io.lowpass.streaming;

import io.lowpass.contracts.Boundary;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.TopicSetup;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Runs one {@link PipelineStage}: waits for the broker, creates the topics, follows the states of jobs, and reads
 * chunks. Starting returns at once; {@link #isReady} reports when it is running.
 */
public final class StreamService implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(StreamService.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final StreamSettings settings;
    private final String bootstrapServers;
    private final Function<Connections, PipelineStage> stage;
    private final Deque<Runnable> closing = new ArrayDeque<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread starter;
    private volatile Optional<JobStates> states = Optional.empty();
    private volatile Optional<ChunkConsumer> consumer = Optional.empty();
    private volatile Optional<BrokerMonitor> brokerMonitor = Optional.empty();
    private volatile Optional<String> failure = Optional.empty();

    /**
     * Starts in the background.
     *
     * @param stage creates the stage once the broker is available
     */
    public StreamService(StreamSettings settings, String bootstrapServers, Function<Connections, PipelineStage> stage) {
        this.settings = settings;
        this.bootstrapServers = bootstrapServers;
        this.stage = stage;
        starter = Threads.watched(settings.service() + "-start", this::start, error -> failure = Optional.of(error));
        starter.start();
    }

    /** Whether it is starting or running; if not, only a new process helps. */
    public boolean isAlive() {
        return problem().isEmpty()
                && consumer.map(ChunkConsumer::isAlive).orElseGet(() -> starter.isAlive() || stop.getCount() == 0);
    }

    /** What ended unexpectedly; empty if nothing has. */
    public Optional<String> problem() {
        return failure.or(() -> states.flatMap(JobStates::problem)).or(() -> consumer.flatMap(ChunkConsumer::problem));
    }

    /** Number of unreadable records on all topics. */
    public long unreadable() {
        return states.map(JobStates::unreadable).orElse(0L)
                + consumer.map(ChunkConsumer::unreadable).orElse(0L);
    }

    /** Whether it reads chunks and knows the states of jobs. */
    public boolean isReady() {
        return consumer.filter(ChunkConsumer::isAlive).isPresent() && knowsEnds();
    }

    /** Whether it knows all jobs that were over when it started. */
    public boolean knowsEnds() {
        return states.filter(JobStates::isCurrent).isPresent();
    }

    /** Describes what is wrong with topics, share group or clock; empty if nothing is, or if it is not known yet. */
    public Optional<String> brokerProblem() {
        return brokerMonitor.flatMap(BrokerMonitor::problem);
    }

    /** Number of open streams. */
    public int streams() {
        return consumer.map(ChunkConsumer::streams).orElse(0);
    }

    /** The job's terminal event, if one is known. */
    public Optional<JobEvent> end(String jobId) {
        return states.flatMap(known -> known.end(jobId));
    }

    private void start() {
        try {
            while (!stop.await(0, TimeUnit.SECONDS)) {
                if (connect()) {
                    return;
                }
                stop.await(PAUSE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            LOG.debugf("%s stopped while starting", settings.service());
        }
    }

    private boolean connect() {
        try {
            TopicSetup.DEFAULT.apply(bootstrapServers);
        } catch (KafkaException e) {
            LOG.warnf("%s waits for the broker at %s: %s", settings.service(), bootstrapServers, e.getMessage());
            return false;
        }
        brokerMonitor =
                Optional.of(keep(new BrokerMonitor(bootstrapServers, settings.service()), BrokerMonitor::close));
        EventPublisher publisher = keep(EventPublisher.to(bootstrapServers), EventPublisher::close);
        JobStates following = keep(new JobStates(bootstrapServers, settings.service()), JobStates::close);
        states = Optional.of(following);
        Connections connections = new Connections(publisher, following, new JobEnds(bootstrapServers, following));
        consumer = Optional.of(keep(
                new ChunkConsumer(settings, bootstrapServers, connections, stage.apply(connections)),
                ChunkConsumer::close));
        return true;
    }

    private synchronized <T> T keep(T part, Consumer<T> close) {
        closing.push(() -> close.accept(part));
        return part;
    }

    /**
     * Whether all sessions have ended, so that their resources may be closed: after {@link #close}, unless one did not
     * return in time.
     */
    public boolean isStopped() {
        return !starter.isAlive() && consumer.map(ChunkConsumer::isStopped).orElse(true);
    }

    /** Stops; another member of the group, or a restart, begins unfinished streams again. */
    @Override
    public void close() {
        stop.countDown();
        starter.interrupt();
        Threads.join(starter);
        closeParts();
    }

    private synchronized void closeParts() {
        while (!closing.isEmpty()) {
            Boundary.run(closing.pop()::run, e -> LOG.warnf(e, "While stopping"));
        }
    }
}
