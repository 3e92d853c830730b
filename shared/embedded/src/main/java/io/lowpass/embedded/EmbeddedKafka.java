package io.lowpass.embedded;

import static java.util.Map.entry;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A single Kafka node, broker and controller, in this JVM, reachable only from this machine. Its topics, records and
 * group offsets are stored in a directory and survive a restart of the node on it.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final String CONTROLLER = "CONTROLLER";
    private static final int NODE_ID = 1;

    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedKafka(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /** Starts a node on a free port. */
    public static EmbeddedKafka start(Path directory) {
        return start(directory, 0);
    }

    /**
     * Starts a node.
     *
     * @param directory where its data lives; made and formatted if new
     * @param port of the broker, or 0 for a free one
     * @throws UncheckedIOException if the directory cannot be written
     */
    public static EmbeddedKafka start(Path directory, int port) {
        return start(directory, port, List.of());
    }

    /**
     * An additional listener of a node.
     *
     * @param name listener name in Kafka's settings: capital letters, digits and underscores
     * @param port port to listen on
     * @param advertisedPort port that clients of this listener are told to use, such as a proxy's
     */
    public record Listener(String name, int port, int advertisedPort) {}

    /** As {@link #start(Path, int)}, with listeners besides the main one. */
    public static EmbeddedKafka start(Path directory, int port, List<Listener> listeners) {
        Path log = directory.toAbsolutePath().resolve("log");
        try {
            int brokerPort = port == 0 ? freePort() : port;
            int controllerPort = freePort();
            Files.createDirectories(directory);
            if (Files.exists(log.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
                unregisterFormerBroker(log, controllerPort);
            } else {
                format(log);
            }
            KafkaRaftServer server = new KafkaRaftServer(
                    new KafkaConfig(settings(log, brokerPort, controllerPort, listeners)), Time.SYSTEM);
            startUp(server);
            return new EmbeddedKafka(server, brokerPort);
        } catch (IOException e) {
            throw new UncheckedIOException("No Kafka node could be started in " + directory, e);
        }
    }

    /** Starts the server, and stops it again if that fails: otherwise it would block its directory and ports. */
    private static void startUp(KafkaRaftServer server) {
        boolean up = false;
        try {
            server.startup();
            up = true;
        } finally {
            if (!up) {
                server.shutdown();
            }
        }
    }

    /**
     * Unregisters the node's former broker, with the controller alone, before the node starts as a whole.
     *
     * <p>If a broker restarts while its controller still considers the former one alive, it first leads its partitions,
     * loses them when the controller fences the former broker, and gets them back. While a partition has no leader,
     * Kafka treats the partitions of a transaction that is about to commit or abort as deleted, and never writes its
     * markers there: read-committed consumers then never get past that point (KAFKA-20734, in every release with share
     * groups up to 4.4.0). A broker that its controller does not know gets its partitions once, and need not wait for
     * the former session to expire.
     */
    private static void unregisterFormerBroker(Path log, int controllerPort) {
        Map<String, String> settings = common(log, controllerPort);
        settings.put("process.roles", "controller");
        KafkaRaftServer controller = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
        startUp(controller);
        try (Admin admin = Admin.create(Map.of("bootstrap.controllers", "127.0.0.1:" + controllerPort))) {
            Starting.orExplain("The controller in " + log + " does not let go of its former broker", () -> {
                try {
                    admin.unregisterBroker(NODE_ID).all().get();
                } catch (ExecutionException e) {
                    // It was killed before it registered.
                    if (!(e.getCause() instanceof BrokerIdNotRegisteredException)) {
                        throw e;
                    }
                }
            });
        } finally {
            stop(controller);
        }
    }

    private static void stop(KafkaRaftServer server) {
        server.shutdown();
        server.awaitShutdown();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void format(Path log) {
        Formatter formatter = new Formatter();
        formatter
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(NODE_ID)
                .setUnstableFeatureVersionsEnabled(false)
                .setIgnoreFormatted(true)
                .setControllerListenerName(CONTROLLER)
                .setMetadataLogDirectory(log.toString())
                .setDirectories(List.of(log.toString()));
        Starting.orExplain("The directory " + log + " could not be formatted for Kafka", formatter::run);
    }

    private static Map<String, String> settings(Path log, int port, int controllerPort, List<Listener> listeners) {
        List<Listener> all = new ArrayList<>(List.of(new Listener("PLAINTEXT", port, port)));
        all.addAll(listeners);
        String ports = joined(all, listener -> listener.name() + "://127.0.0.1:" + listener.port());
        Map<String, String> settings = common(log, controllerPort);
        settings.put("process.roles", "broker,controller");
        settings.merge("listeners", ports, (controller, brokers) -> brokers + "," + controller);
        settings.put(
                "advertised.listeners",
                joined(all, listener -> listener.name() + "://127.0.0.1:" + listener.advertisedPort()));
        settings.merge(
                "listener.security.protocol.map",
                joined(all, listener -> listener.name() + ":PLAINTEXT"),
                (controller, brokers) -> brokers + "," + controller);
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("auto.create.topics.enable", "false");
        for (String internal : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(internal + ".replication.factor", "1");
            settings.put(internal + ".num.partitions", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.putAll(tuning());
        return settings;
    }

    /** The configuration of both roles. */
    private static Map<String, String> common(Path log, int controllerPort) {
        Map<String, String> settings = new HashMap<>();
        settings.put("node.id", Integer.toString(NODE_ID));
        settings.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        settings.put("controller.listener.names", CONTROLLER);
        settings.put("listeners", CONTROLLER + "://127.0.0.1:" + controllerPort);
        settings.put("listener.security.protocol.map", CONTROLLER + ":PLAINTEXT");
        settings.put("log.dirs", log.toString());
        settings.put("controller.quorum.election.timeout.ms", "200");
        settings.put("controller.quorum.election.backoff.max.ms", "100");
        return settings;
    }

    private static String joined(List<Listener> listeners, Function<Listener, String> text) {
        return listeners.stream().map(text).collect(Collectors.joining(","));
    }

    /** Settings for a single small node that starts fast: there is no other node to wait for. */
    private static Map<String, String> tuning() {
        return Map.ofEntries(
                entry("group.initial.rebalance.delay.ms", "0"),
                // How soon the other members take over the work of a killed process.
                entry("group.min.session.timeout.ms", "3000"),
                // An open transaction of a killed process hides later records until it is aborted.
                entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"),
                // A new sampler receives jobs with its first heartbeat instead of its second, 5 s later.
                entry("group.share.assignment.interval.ms", "0"),
                // The very first sampler joins before the topic of the group's state exists, and needs a second
                // heartbeat.
                entry("group.share.heartbeat.interval.ms", "1000"),
                entry("group.share.min.heartbeat.interval.ms", "1000"),
                // The contract sets the lock duration; tests may want a short one.
                entry("group.share.min.record.lock.duration.ms", "1000"),
                entry("broker.heartbeat.interval.ms", "500"),
                // The controller must never consider the broker dead, and the broker must not resign when it stops: no
                // other broker could lead its partitions, and a partition without a leader loses the end of a
                // transaction (see unregisterFormerBroker).
                entry("broker.session.timeout.ms", String.valueOf(TimeUnit.DAYS.toMillis(20))),
                entry("controlled.shutdown.enable", "false"),
                entry("log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20)),
                entry("log.cleaner.threads", "1"),
                entry("num.network.threads", "2"),
                entry("num.io.threads", "4"),
                entry("background.threads", "2"));
    }

    /** The value for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Port of the broker. */
    public int port() {
        return port;
    }

    /** Stops the node and waits until its files are closed. */
    @Override
    public void close() {
        stop(server);
    }
}
