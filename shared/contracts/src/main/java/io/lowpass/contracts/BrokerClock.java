package io.lowpass.contracts;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.QuorumInfo.ReplicaState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Compares this machine's clock with the Kafka cluster's. A broker rejects records whose timestamp is an hour or more
 * ahead of its clock, so a service with a wrong clock can read everything and write nothing.
 */
public final class BrokerClock {

    /** The largest tolerated difference: less than what brokers and S3 stores (15 minutes) reject. */
    public static final Duration TOLERATED = Duration.ofMinutes(10);

    private static final double SECONDS_PER_MINUTE = 60;

    private final Admin admin;
    private final Clock clock;

    /** Uses a client that the caller closes. */
    public BrokerClock(Admin admin, Clock clock) {
        this.admin = admin;
        this.clock = clock;
    }

    /**
     * Describes in one sentence how far this machine's clock is off; empty if the difference is at most {@link
     * #TOLERATED}, or if the cluster does not report its time.
     *
     * @throws KafkaException if the broker does not answer within 30 seconds or refuses
     */
    public Optional<String> problem() {
        long before = clock.millis();
        Optional<QuorumInfo> quorum = quorum();
        long here = before + (clock.millis() - before) / 2;
        // The leader has always caught up with itself, so this timestamp is its current time.
        OptionalLong there = quorum.stream()
                .flatMap(known -> known.voters().stream().filter(voter -> voter.replicaId() == known.leaderId()))
                .map(ReplicaState::lastCaughtUpTimestamp)
                .flatMapToLong(OptionalLong::stream)
                .filter(time -> time > 0)
                .findFirst();
        return there.isEmpty() ? Optional.empty() : problem(Duration.ofMillis(here - there.getAsLong()));
    }

    /** The quorum; empty if this client is not authorized or the brokers do not support the request. */
    private Optional<QuorumInfo> quorum() {
        try {
            return Optional.of(TopicSetup.await(admin.describeMetadataQuorum().quorumInfo()));
        } catch (KafkaException e) {
            if (e.getCause() instanceof AuthorizationException || e.getCause() instanceof UnsupportedVersionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Optional<String> problem(Duration ahead) {
        if (ahead.abs().compareTo(TOLERATED) <= 0) {
            return Optional.empty();
        }
        return Optional.of(
                "the clock of this machine is " + Math.round(ahead.abs().toSeconds() / SECONDS_PER_MINUTE) + " min "
                        + (ahead.isNegative() ? "behind" : "ahead of")
                        + " the Kafka cluster's, which may reject records because of it: correct the clock (tolerated are "
                        + TOLERATED.toMinutes() + " min)");
    }
}
