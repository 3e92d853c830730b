package io.lowpass.contracts;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/**
 * The session timeout of consumer groups: how long a silent member keeps its partitions, which is the delay after a
 * process is killed. Brokers reject values below their own limit, 6 s by default.
 *
 * @param timeout the session timeout
 */
record GroupSession(Duration timeout) {

    /** Longer than the pauses of a member on a heavily overloaded machine. */
    static final Duration WANTED = Duration.ofSeconds(3);

    /** Kafka's default, for brokers that do not report their limit. */
    static final Duration DEFAULT_LIMIT = Duration.ofSeconds(6);

    private static final String LIMIT = "group.min.session.timeout.ms";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * Several heartbeats per session: one that is late does not end it, and the other members learn of a lost one with
     * their next heartbeat.
     */
    private static final int HEARTBEATS = 6;

    /** The shortest useful timeout that the brokers allow. */
    static GroupSession shortest(String bootstrapServers) {
        return shortest(bootstrapServers, PATIENCE);
    }

    /** The same, with a timeout for each request. */
    static GroupSession shortest(String bootstrapServers, Duration patience) {
        int millis = Math.toIntExact(patience.toMillis());
        Map<String, Object> settings = Map.of(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
                millis,
                CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
                millis);
        try (Admin admin = Admin.create(settings)) {
            return within(limit(admin));
        }
    }

    /** The shortest useful timeout for a given lower limit of the brokers. */
    static GroupSession within(Duration limit) {
        return new GroupSession(limit.compareTo(WANTED) > 0 ? limit : WANTED);
    }

    private static Duration limit(Admin admin) {
        try {
            // Any broker may coordinate the group.
            List<ConfigResource> brokers = admin.describeCluster().nodes().get().stream()
                    .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
                    .toList();
            Collection<Config> configs =
                    admin.describeConfigs(brokers).all().get().values();
            return configs.stream()
                    .flatMap(config -> config.entries().stream())
                    .filter(entry -> entry.name().equals(LIMIT))
                    .map(ConfigEntry::value)
                    .map(millis -> Duration.ofMillis(Long.parseLong(millis)))
                    .max(Duration::compareTo)
                    .orElse(DEFAULT_LIMIT);
        } catch (ExecutionException e) {
            // The client may lack the permission to read broker settings; assume the default.
            return DEFAULT_LIMIT;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DEFAULT_LIMIT;
        }
    }

    /** The settings of a consumer. */
    Map<String, Object> settings() {
        int millis = Math.toIntExact(timeout.toMillis());
        return Map.of(
                CommonClientConfigs.SESSION_TIMEOUT_MS_CONFIG,
                millis,
                CommonClientConfigs.HEARTBEAT_INTERVAL_MS_CONFIG,
                millis / HEARTBEATS);
    }
}
