package io.lowpass.contracts;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Compares a broker's topics, share group and features with the contract. Only what could lose, block or hide jobs
 * counts as a difference; more partitions, longer retention, larger records and any replication do not.
 */
public final class TopicCheck {

    /** The clock difference that a broker must tolerate. */
    private static final long LEAST_SKEW_MS = 600_000;

    private static final String SHARE_FEATURE = "share.version";

    private static final String POLICY = "cleanup.policy";

    /** Topic settings that may be larger than specified; -1 means no limit. */
    private static final List<String> AT_LEAST = List.of("retention.ms", "min.compaction.lag.ms", "max.message.bytes");

    /** How often the broker delivers a job before it drops it; the broker's default, unless set for the group. */
    private static final String DELIVERIES = "share.delivery.count.limit";

    /** A sampler rewrites a record at its third delivery. */
    private static final long LEAST_DELIVERIES = 4;

    /** How far the timestamp of a record may differ from the broker's clock. */
    private static final List<String> SKEWS =
            List.of("message.timestamp.before.max.ms", "message.timestamp.after.max.ms");

    private final Admin admin;
    private final OpenTransactions transactions;

    /** Uses a client that the caller closes. */
    public TopicCheck(Admin admin) {
        this(admin, Clock.systemUTC());
    }

    TopicCheck(Admin admin, Clock clock) {
        this.admin = admin;
        this.transactions = new OpenTransactions(admin, clock);
    }

    /**
     * A difference from the contract.
     *
     * @param text actual and expected value in one sentence
     * @param isMendable whether {@link #mend} can fix it without endangering existing records
     */
    public record Difference(String text, boolean isMendable) {}

    /** A setting with the wrong value. */
    private record Wrong(ConfigResource where, String name, String found, String wanted) {

        Difference difference() {
            boolean isLeast = AT_LEAST.contains(name) || SKEWS.contains(name) || DELIVERIES.equals(name);
            String least = isLeast ? "at least " : "";
            String what = where.type() == ConfigResource.Type.GROUP ? "share group " : "topic ";
            return new Difference(
                    what + where.name() + ": " + name + " is " + found + ", wanted is " + least + wanted, true);
        }
    }

    /**
     * All differences, in the order of {@link TopicSpec#ALL}.
     *
     * @throws KafkaException if the broker rejects the request or does not answer within 30 seconds
     */
    public List<Difference> differences() {
        Map<String, TopicDescription> topics = topics();
        List<Difference> open = transactions.problems(topics).stream()
                .map(text -> new Difference(text, false))
                .toList();
        return Stream.of(features(), missing(topics), partitions(topics), settings(topics), open)
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Fixes what can be fixed safely: creates missing topics and changes settings. It neither adds partitions nor
     * enables broker features.
     *
     * @return the remaining differences
     * @throws KafkaException if the broker rejects a request or does not answer within 30 seconds
     */
    public List<Difference> mend() {
        TopicSetup.DEFAULT.apply(admin);
        Map<ConfigResource, List<AlterConfigOp>> changes = wrong(topics()).stream()
                .collect(Collectors.groupingBy(
                        Wrong::where,
                        Collectors.mapping(
                                wrong -> new AlterConfigOp(
                                        new ConfigEntry(wrong.name(), wrong.wanted()), AlterConfigOp.OpType.SET),
                                Collectors.toList())));
        TopicSetup.await(admin.incrementalAlterConfigs(new HashMap<>(changes)).all());
        return differences();
    }

    private Map<String, TopicDescription> topics() {
        Set<String> names = new HashSet<>(TopicSetup.await(admin.listTopics().names()));
        names.retainAll(TopicSpec.ALL.stream().map(TopicSpec::name).toList());
        return TopicSetup.await(admin.describeTopics(names).allTopicNames());
    }

    private List<Difference> features() {
        FinalizedVersionRange share = TopicSetup.await(admin.describeFeatures().featureMetadata())
                .finalizedFeatures()
                .get(SHARE_FEATURE);
        if (share != null && share.maxVersionLevel() > 0) {
            return List.of();
        }
        return List.of(new Difference(
                "the broker has no share groups, which samplers need: its feature " + SHARE_FEATURE
                        + " is 0, wanted is 1 or more (kafka-features.sh --bootstrap-server … upgrade --feature "
                        + SHARE_FEATURE + "=1)",
                false));
    }

    private static List<Difference> missing(Map<String, TopicDescription> topics) {
        return TopicSpec.ALL.stream()
                .filter(spec -> !topics.containsKey(spec.name()))
                .map(spec -> new Difference("topic " + spec.name() + " does not exist", true))
                .toList();
    }

    private static List<Difference> partitions(Map<String, TopicDescription> topics) {
        List<Difference> differences = new ArrayList<>();
        for (TopicSpec spec : TopicSpec.ALL) {
            TopicDescription topic = topics.get(spec.name());
            int wanted = TopicSetup.DEFAULT.partitionsOf(spec);
            if (topic != null && topic.partitions().size() < wanted) {
                differences.add(new Difference(
                        "topic " + spec.name() + " has " + topic.partitions().size()
                                + (topic.partitions().size() == 1 ? " partition" : " partitions")
                                + ", wanted are at least " + wanted
                                + ": add them by hand (kafka-topics.sh --bootstrap-server … --alter --topic "
                                + spec.name() + " --partitions " + wanted
                                + ") while no job is running, because records of a job then go to another partition",
                        false));
            }
        }
        return differences;
    }

    private List<Difference> settings(Map<String, TopicDescription> topics) {
        return wrong(topics).stream().map(Wrong::difference).toList();
    }

    private List<Wrong> wrong(Map<String, TopicDescription> topics) {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, Topics.SAMPLERS);
        List<TopicSpec> there = TopicSpec.ALL.stream()
                .filter(spec -> topics.containsKey(spec.name()))
                .toList();
        List<ConfigResource> asked =
                new ArrayList<>(there.stream().map(TopicCheck::resource).toList());
        asked.add(group);
        Map<ConfigResource, Config> found =
                TopicSetup.await(admin.describeConfigs(asked).all());
        List<Wrong> wrong = new ArrayList<>();
        there.forEach(spec -> wrong.addAll(wrong(spec, values(found, resource(spec)))));
        Map<String, String> ofGroup = values(found, group);
        TopicSetup.GROUP.forEach((name, wanted) -> {
            String value = ofGroup.getOrDefault(name, "not known to the broker");
            if (!value.equals(wanted)) {
                wrong.add(new Wrong(group, name, value, wanted));
            }
        });
        if (isLess(ofGroup.get(DELIVERIES), LEAST_DELIVERIES)) {
            String value = ofGroup.getOrDefault(DELIVERIES, "");
            wrong.add(new Wrong(group, DELIVERIES, value, Long.toString(LEAST_DELIVERIES)));
        }
        return wrong;
    }

    private static ConfigResource resource(TopicSpec spec) {
        return new ConfigResource(ConfigResource.Type.TOPIC, spec.name());
    }

    private static Map<String, String> values(Map<ConfigResource, Config> found, ConfigResource of) {
        Config config = found.get(of);
        Map<String, String> values = new HashMap<>();
        if (config != null) {
            config.entries().stream()
                    .filter(entry -> entry.value() != null)
                    .forEach(entry -> values.put(entry.name(), entry.value()));
        }
        return values;
    }

    private static List<Wrong> wrong(TopicSpec spec, Map<String, String> found) {
        List<Wrong> wrong = new ArrayList<>();
        Map<String, String> specified = spec.config();
        String policy = specified.getOrDefault(POLICY, "");
        String foundPolicy = found.getOrDefault(POLICY, "");
        if (!words(foundPolicy).equals(words(policy))) {
            wrong.add(new Wrong(resource(spec), POLICY, foundPolicy, policy));
        }
        for (String name : AT_LEAST) {
            String wanted = specified.get(name);
            if (wanted != null && isLess(found.get(name), Long.parseLong(wanted))) {
                wrong.add(new Wrong(resource(spec), name, found.getOrDefault(name, ""), wanted));
            }
        }
        for (String name : SKEWS) {
            if (isLess(found.get(name), LEAST_SKEW_MS)) {
                wrong.add(new Wrong(resource(spec), name, found.getOrDefault(name, ""), Long.toString(LEAST_SKEW_MS)));
            }
        }
        return wrong;
    }

    private static Set<String> words(String policy) {
        return Arrays.stream(policy.split(",")).map(String::strip).collect(Collectors.toSet());
    }

    /** A missing setting means no limit. */
    private static boolean isLess(@org.jspecify.annotations.Nullable String found, long wanted) {
        if (found == null) {
            return false;
        }
        long value = Long.parseLong(found);
        return value >= 0 && value < wanted;
    }
}
