package io.lowpass.trials.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final Targets TARGETS =
            new Targets(List.of("ingestion", "sampler1"), List.of("ingestion-broker", "sampler1-broker"));
    private static final Set<FaultKind> ALL = EnumSet.allOf(FaultKind.class);

    @Test
    void theScheduleFollowsFromTheSeed() {
        // Given
        Schedule schedule = Schedule.of(7, 100, ALL, TARGETS);

        // When
        Schedule again = Schedule.of(7, 100, ALL, TARGETS);
        Schedule other = Schedule.of(8, 100, ALL, TARGETS);

        // Then
        assertThat(again).isEqualTo(schedule);
        assertThat(other.lines()).isNotEqualTo(schedule.lines());
    }

    @Test
    void aLongRunHasEveryModeOnEveryTarget() {
        // When
        Schedule schedule = Schedule.of(1, 400, ALL, TARGETS);

        // Then
        Set<String> done = schedule.faults().stream()
                .map(fault -> fault.kind() + " " + fault.mode() + " " + fault.target())
                .collect(Collectors.toSet());
        for (FaultKind kind : ALL) {
            kind.modes()
                    .forEach(mode -> TARGETS.of(kind)
                            .forEach(target -> assertThat(done).contains(kind + " " + mode.name() + " " + target)));
        }
        assertThat(schedule.jobs()).anyMatch(job -> job.cancel().isPresent());
        assertThat(schedule.jobs()).anyMatch(job -> !job.repeats().isEmpty());
        assertThat(schedule.jobs()).anyMatch(PlannedJob::clash);
        assertThat(schedule.jobs()).anyMatch(job -> !job.valid());
    }

    @Test
    void aShortRunHasOneFaultOfEachKind() {
        // When
        Schedule schedule = Schedule.of(1, 30, ALL, TARGETS);

        // Then
        assertThat(schedule.faults())
                .extracting(Fault::kind)
                .contains(FaultKind.KILL, FaultKind.BROKER, FaultKind.DISK);
        assertThat(schedule.faults()).allMatch(fault -> fault.end() <= schedule.lasting());
    }

    @Test
    void nothingBefallsATargetBeforeTheLastFaultIsLifted() {
        // Given
        Map<String, Long> end = new HashMap<>();

        // When, Then
        for (Fault fault : Schedule.of(3, 300, ALL, TARGETS).faults()) {
            assertThat(fault.at()).as(fault.toString()).isGreaterThan(end.getOrDefault(fault.target(), -1L));
            end.put(fault.target(), fault.end());
        }
    }

    @Test
    void theJobsStayTheSameWithoutFaults() {
        // Given
        Schedule all = Schedule.of(5, 50, ALL, TARGETS);

        // When
        Schedule none = Schedule.of(5, 50, FaultKind.parse("none"), TARGETS);

        // Then
        assertThat(none.faults()).isEmpty();
        assertThat(none.jobs())
                .extracting(PlannedJob::video)
                .isEqualTo(all.jobs().stream().map(PlannedJob::video).toList());
        assertThat(none.jobs())
                .allMatch(job -> job.cancel().isEmpty() && job.repeats().isEmpty() && !job.clash());
    }

    @Test
    void onlyTheKindsThatWereAskedForAreDone() {
        // When
        Schedule schedule = Schedule.of(5, 100, FaultKind.parse("kill,network"), TARGETS);

        // Then
        assertThat(schedule.faults()).extracting(Fault::kind).containsOnly(FaultKind.KILL, FaultKind.NETWORK);
        assertThatThrownBy(() -> FaultKind.parse("kill,fire"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'fire'", "kill", "duplicates");
    }
}
