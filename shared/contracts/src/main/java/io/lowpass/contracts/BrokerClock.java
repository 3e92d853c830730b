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
 * Compares this machine's clock with the cluster's. A broker refuses records whose time lies an hour or more in its
 * future, so that a service whose clock is wrong can read everything and write nothing.
 */
public final class BrokerClock {

    /** What a clock may be off by: less than brokers refuse, and less than S3 stores do (15 minutes). */
    public static final Duration TOLERATED = Duration.ofMinutes(10);

    private static final double SECONDS_PER_MINUTE = 60;

    private final Admin admin;
    private final Clock clock;

    /** Asks by the client, which stays the caller's to close. */
    public BrokerClock(Admin admin, Clock clock) {
        this.admin = admin;
        this.clock = clock;
    }

    /**
     * In a sentence, how far this machine's clock is off; empty if it is not by more than {@link #TOLERATED}, or the
     * cluster does not tell its time.
     *
     * @throws KafkaException if the broker does not answer within 30 seconds or refuses
     */
    public Optional<String> problem() {
        long before = clock.millis();
        Optional<QuorumInfo> quorum = quorum();
        long here = before + (clock.millis() - before) / 2;
        // The leader is always caught up with itself, so this is its time as it answers.
        OptionalLong there = quorum.stream()
                .flatMap(known -> known.voters().stream().filter(voter -> voter.replicaId() == known.leaderId()))
                .map(ReplicaState::lastCaughtUpTimestamp)
                .flatMapToLong(OptionalLong::stream)
                .filter(time -> time > 0)
                .findFirst();
        return there.isEmpty() ? Optional.empty() : problem(Duration.ofMillis(here - there.getAsLong()));
    }

    /** The quorum; empty where this client may not ask, or the brokers cannot tell. */
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
                        + " the Kafka cluster's, which may refuse records for it: set it right (it may be off by "
                        + TOLERATED.toMinutes() + " min)");
    }
}
