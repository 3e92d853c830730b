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
 * After how much silence a member of an ordered group counts as dead and the others take its partitions: what a killed
 * process costs. The group's brokers have a lower limit, 6 s by default, and refuse members that want less.
 *
 * @param timeout the silence
 */
record GroupSession(Duration timeout) {

    /** Longer than a member is silent on a machine with many times more to do than it has cores for. */
    static final Duration WANTED = Duration.ofSeconds(3);

    /** Kafka's default, for brokers that do not tell theirs. */
    static final Duration DEFAULT_LIMIT = Duration.ofSeconds(6);

    private static final String LIMIT = "group.min.session.timeout.ms";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Several in a session: one that is late is no death, and survivors hear of a death by their next one. */
    private static final int HEARTBEATS = 6;

    /** The shortest that is sensible and that the brokers allow. */
    static GroupSession shortest(String bootstrapServers) {
        return shortest(bootstrapServers, PATIENCE);
    }

    /** The same, with a time for each answer. */
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

    /** The shortest that is sensible, under a broker's lower limit. */
    static GroupSession within(Duration limit) {
        return new GroupSession(limit.compareTo(WANTED) > 0 ? limit : WANTED);
    }

    private static Duration limit(Admin admin) {
        try {
            // Any of them may lead the group.
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
            // Not everybody may ask a broker for its settings; then it has the default, as far as one can know.
            return DEFAULT_LIMIT;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DEFAULT_LIMIT;
        }
    }

    /** As settings of a consumer. */
    Map<String, Object> settings() {
        int millis = Math.toIntExact(timeout.toMillis());
        return Map.of(
                CommonClientConfigs.SESSION_TIMEOUT_MS_CONFIG,
                millis,
                CommonClientConfigs.HEARTBEAT_INTERVAL_MS_CONFIG,
                millis / HEARTBEATS);
    }
}
