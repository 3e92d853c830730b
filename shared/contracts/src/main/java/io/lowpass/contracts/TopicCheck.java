package io.lowpass.contracts;

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
 * What is not as it should be: topics that a broker's defaults or somebody's hand made, the samplers' share group, and
 * whether the broker has share groups at all. A difference is what would lose, stick or hide a job; more partitions,
 * a longer retention, larger records and any replication are none.
 */
public final class TopicCheck {

    /** A broker must take records of clocks that differ so much. */
    private static final long LEAST_SKEW_MS = 600_000;

    private static final String SHARE_FEATURE = "share.version";

    private static final String POLICY = "cleanup.policy";

    /** Settings of a topic of which more is no harm; -1 is no limit. */
    private static final List<String> AT_LEAST = List.of("retention.ms", "min.compaction.lag.ms", "max.message.bytes");

    /** How often the broker gives a job out before it drops it; what it has by default, if nobody set the group's. */
    private static final String DELIVERIES = "share.delivery.count.limit";

    /** A sampler writes a record anew that comes to it for the third time. */
    private static final long LEAST_DELIVERIES = 4;

    /** How far the time of a record may lie from the broker's. */
    private static final List<String> SKEWS =
            List.of("message.timestamp.before.max.ms", "message.timestamp.after.max.ms");

    private final Admin admin;

    /** Asks by the client, which stays the caller's to close. */
    public TopicCheck(Admin admin) {
        this.admin = admin;
    }

    /**
     * Something that is not as it should be.
     *
     * @param text what, as it is and as it should be, in a sentence
     * @param isMendable whether {@link #mend} can put it right without a risk to what is in the topic
     */
    public record Difference(String text, boolean isMendable) {}

    /** A setting that should be another one. */
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
     * Everything that is not as it should be, in the order of {@link TopicSpec#ALL}.
     *
     * @throws KafkaException if the broker does not answer within 30 seconds or refuses
     */
    public List<Difference> differences() {
        Map<String, TopicDescription> topics = topics();
        return Stream.of(features(), missing(topics), partitions(topics), settings(topics))
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Puts right what can be without a risk: makes missing topics, and changes settings. Partitions are not added, and
     * features of the broker not switched on.
     *
     * @return what is left, as {@link #differences} tells it
     * @throws KafkaException if the broker does not answer within 30 seconds or refuses
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
                "the broker has no share groups, by which samplers take jobs: its feature " + SHARE_FEATURE
                        + " is 0, wanted is 1 or more (kafka-features.sh --bootstrap-server … upgrade --feature "
                        + SHARE_FEATURE + "=1)",
                false));
    }

    private static List<Difference> missing(Map<String, TopicDescription> topics) {
        return TopicSpec.ALL.stream()
                .filter(spec -> !topics.containsKey(spec.name()))
                .map(spec -> new Difference("topic " + spec.name() + " is not there", true))
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
                                + ") while no job is under way, for a job's records then go to another partition",
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

    /** What a broker does not tell it does not limit. */
    private static boolean isLess(@org.jspecify.annotations.Nullable String found, long wanted) {
        if (found == null) {
            return false;
        }
        long value = Long.parseLong(found);
        return value >= 0 && value < wanted;
    }
}
