package io.lowpass.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is remembered of very many jobs. */
class RecentMapTest {

    private static final int MOST = 100_000;

    @Test
    void aJobOfWhichThereWasWordLatelyIsRememberedHoweverLongAgoTheFirstWas() {
        // Given: a job that waits, and as many others as are remembered beside it
        RecentMap<Integer> map = new RecentMap<>();
        map.put("waits", 1);
        map.put("silent", 1);
        IntStream.range(0, MOST - 2).forEach(i -> map.put("other-" + i, 1));

        // When
        map.put("waits", 2);
        map.put("one more", 1);

        // Then
        assertThat(map.get("waits")).contains(2);
        assertThat(map.get("silent")).isEmpty();
    }

    @Test
    void everyNameThatWasAddedToASetIsFoundAndNoOther() {
        // Given
        NameSet names = new NameSet();
        // When: some twice
        IntStream.range(0, MOST).forEach(i -> names.add("job-" + i));
        IntStream.range(0, MOST).forEach(i -> names.add("job-" + i / 2));
        // Then
        assertThat(IntStream.range(0, MOST).filter(i -> names.contains("job-" + i)))
                .hasSize(MOST);
        assertThat(IntStream.range(MOST, 2 * MOST).filter(i -> names.contains("job-" + i)))
                .isEmpty();
    }
}
