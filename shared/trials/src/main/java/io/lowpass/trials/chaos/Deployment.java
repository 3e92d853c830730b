package io.lowpass.trials.chaos;

import io.lowpass.embedded.EmbeddedS3;
import io.lowpass.trials.processes.JavaApp;
import io.lowpass.trials.processes.Server;
import io.lowpass.trials.processes.ServiceClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A broker, a store and all services, each in its own process, with a proxy in every connection of a service to the
 * broker or the store. Observers use a listener without a proxy.
 */
final class Deployment implements AutoCloseable {

    static final String INGESTION = "ingestion";
    static final String ENCODER = "encoder";
    static final String STORAGE = "storage";
    static final String SAMPLER = "sampler";

    private static final String TO = "-";
    private static final int HEAP_OF_BROKER = 384;
    private static final int HEAP = 192;

    private final Path root;
    private final Path directory;
    private final LimitedDisk disk;
    private final int brokerPort = ServiceClient.freePort();
    private final int storePort = ServiceClient.freePort();
    private final Map<String, Server> servers = new LinkedHashMap<>();
    private final Map<String, TcpProxy> links = new LinkedHashMap<>();
    private final Map<String, ServiceClient> clients = new LinkedHashMap<>();
    private final List<String> listeners = new ArrayList<>();

    /**
     * Describes the deployment; {@link #start} starts it.
     *
     * @param root root of the project, whose packaged services are run
     * @param directory directory for data and logs
     * @param samplers number of samplers
     * @param disk disk for the store's objects
     */
    Deployment(Path root, Path directory, int samplers, LimitedDisk disk) {
        this.root = root;
        this.directory = directory;
        this.disk = disk;
        List<String> services = new ArrayList<>(List.of(INGESTION));
        for (int number = 1; number <= samplers; number++) {
            services.add(SAMPLER + number);
        }
        services.addAll(List.of(ENCODER, STORAGE));
        services.forEach(service -> link(service, Targets.BROKER, listener(service)));
        link(STORAGE, Targets.STORE, storePort);
        servers.put(Targets.BROKER, broker());
        servers.put(Targets.STORE, store());
        services.forEach(this::service);
    }

    /** The broker's listener for one service, which advertises the proxy's port. */
    private int listener(String service) {
        int port = ServiceClient.freePort();
        listeners.add(service.toUpperCase(Locale.ROOT) + ":" + port);
        return port;
    }

    private void link(String service, String server, int port) {
        TcpProxy proxy = new TcpProxy(ServiceClient.freePort(), port);
        links.put(service + TO + server, proxy);
        if (server.equals(Targets.BROKER)) {
            listeners.add(listeners.remove(listeners.size() - 1) + ":" + proxy.port());
        }
    }

    private Server broker() {
        List<String> arguments = new ArrayList<>(List.of(
                ChaosCommand.NAME,
                Targets.BROKER,
                "--port",
                String.valueOf(brokerPort),
                "--data",
                directory.resolve("kafka").toString()));
        listeners.forEach(listener -> arguments.addAll(List.of("--listener", listener)));
        return new Server(
                Targets.BROKER, JavaApp.command(root, HEAP_OF_BROKER, arguments.toArray(String[]::new)), directory);
    }

    private Server store() {
        JavaApp app = JavaApp.command(
                root,
                HEAP,
                ChaosCommand.NAME,
                Targets.STORE,
                "--port",
                String.valueOf(storePort),
                "--data",
                objects().toString());
        return new Server(Targets.STORE, app, directory);
    }

    private void service(String name) {
        ServiceClient client = ServiceClient.onFreePorts();
        clients.put(name, client);
        Map<String, String> properties = new HashMap<>(Map.of(
                "ai.djl.offline", "true",
                "quarkus.http.host", "127.0.0.1",
                "quarkus.http.port", String.valueOf(client.port()),
                "quarkus.management.host", "127.0.0.1",
                "quarkus.management.port", String.valueOf(client.management()),
                "quarkus.log.console.json.enabled", "false",
                "kafka.bootstrap.servers", "127.0.0.1:" + port(name, Targets.BROKER)));
        if (name.equals(STORAGE)) {
            properties.put("lowpass.s3.endpoint", "http://127.0.0.1:" + port(name, Targets.STORE));
            properties.put("lowpass.s3.access-key", EmbeddedS3.DEFAULT_KEY);
            properties.put("lowpass.s3.secret-key", EmbeddedS3.DEFAULT_KEY);
        }
        if (name.equals(ENCODER) || name.startsWith(SAMPLER)) {
            properties.put(
                    "lowpass.models.demo.folder",
                    root.resolve("shared/demo-model").toString());
            properties.put("lowpass.models.demo.threads", "1");
            properties.put("lowpass.encoder.threads", "1");
        }
        String module = name.startsWith(SAMPLER) ? SAMPLER : name;
        servers.put(name, new Server(name, JavaApp.service(root, module, properties, HEAP), directory));
    }

    private int port(String service, String server) {
        return link(service + TO + server).port();
    }

    /** Starts all of it at once. */
    void start() {
        servers.values().forEach(Server::start);
    }

    /** Waits until every service is ready. */
    void awaitReady() {
        clients.forEach((name, client) -> Await.until(name + " is ready", client::isReady));
    }

    /** The possible targets of faults. */
    Targets targets() {
        return new Targets(List.copyOf(clients.keySet()), List.copyOf(links.keySet()));
    }

    /** Every process, the broker's and the store's included, by name. */
    Map<String, Server> servers() {
        return servers;
    }

    /** One process. */
    Server server(String name) {
        return Objects.requireNonNull(servers.get(name));
    }

    /** One connection. */
    TcpProxy link(String name) {
        return Objects.requireNonNull(links.get(name));
    }

    /** The HTTP clients of the services, by name. */
    Map<String, ServiceClient> clients() {
        return clients;
    }

    /** The HTTP client of a service with one process. */
    ServiceClient client(String service) {
        return Objects.requireNonNull(clients.get(service));
    }

    /** The disk of the store. */
    LimitedDisk disk() {
        return disk;
    }

    /** The folder of the store's buckets. */
    Path objects() {
        return disk.directory().resolve("objects");
    }

    /** The value for {@code bootstrap.servers} of a client without faults. */
    String bootstrap() {
        return "127.0.0.1:" + brokerPort;
    }

    @Override
    public void close() {
        Stream.concat(clients.keySet().stream(), Stream.of(Targets.STORE, Targets.BROKER))
                .map(this::server)
                .forEach(Server::close);
        links.values().forEach(TcpProxy::close);
    }
}
