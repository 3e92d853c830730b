package io.lowpass.contracts.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.FieldError;
import io.lowpass.contracts.InlineImage;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.Output;
import io.lowpass.contracts.Size;
import io.lowpass.testing.SampleRequests;
import io.lowpass.testing.SampleRequests.ExpectedError;
import io.lowpass.testing.SampleRequests.SampleRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestValidationTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final RequestValidation validation =
            new RequestValidation(ModelCatalogue.SHIPPED, "videos", Clock.fixed(NOW, ZoneOffset.UTC), new Random(1));

    static List<SampleRequest> good() {
        return SampleRequests.good();
    }

    static List<SampleRequest> bad() {
        return SampleRequests.bad();
    }

    private RequestOutcome decide(String json) {
        return validation.decide(Optional.empty(), json.getBytes(StandardCharsets.UTF_8));
    }

    private Job take(String json) {
        return ((RequestOutcome.Taken) decide(json)).job();
    }

    private FieldError refuse(String json) {
        return ((RequestOutcome.Refused) decide(json)).errors().get(0);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void aBadRequestIsRefusedWithEveryErrorAndNoOther(SampleRequest request) {
        // When
        RequestOutcome outcome = validation.decide(request.key(), request.body());

        // Then
        assertThat(outcome).isInstanceOfSatisfying(RequestOutcome.Refused.class, refused -> {
            assertThat(refused.errors())
                    .extracting(error -> new ExpectedError(error.code(), error.field()))
                    .containsExactlyInAnyOrderElementsOf(request.errors());
            assertThat(refused.errors()).allSatisfy(error -> {
                assertThat(error.value().length()).isLessThan(120);
                assertThat(error.allowed()).isNotEmpty();
            });
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"size\": \"99999x99999\"",
                "\"size\": \"1x1\"",
                "\"size\": \"99999x16\"",
                "\"size\": \"3x99999\"",
                "\"size\": \"520x512\"",
                "\"size\": \"1024x512\"",
                "\"numFrames\": 2",
                "\"numFrames\": 128"
            })
    void whatIsSuggestedIsAccepted(String field) {
        // When
        String allowed = refuse("{\"prompt\": \"a\", " + field + "}").allowed();

        // Then
        Matcher suggestion =
                Pattern.compile("such as ([0-9x]+)(?: or ([0-9]+))?$").matcher(allowed);
        assertThat(suggestion.find()).as(allowed).isTrue();
        String name = field.substring(0, field.indexOf(':') + 1);
        String quote = name.contains("size") ? "\"" : "";
        for (int group = 1; group <= 2; group++) {
            if (suggestion.group(group) != null) {
                take("{\"prompt\": \"a\", " + name + quote + suggestion.group(group) + quote + "}");
            }
        }
    }

    @Test
    void aJobThatFitsNoRecordIsRefusedByItsLargestField() {
        // Given
        Job job = take("{\"prompt\": \"a\"}");
        String image = "data:image/png;base64," + "A".repeat(InlineImage.MAX_LENGTH - 30);
        Optional<InlineImage> large = Optional.of(new InlineImage(image));
        Job two = job.withImages(large, large);
        Job three = job.withImages(Optional.of(new InlineImage(image.repeat(4))), large);

        // Then
        assertThat(Travel.fits(new RequestOutcome.Taken(two, "0".repeat(64)))).isTrue();
        assertThat(Travel.fits(new RequestOutcome.Taken(three, "0".repeat(64)))).isFalse();
        assertThat(Travel.tooLarge(three)).satisfies(error -> {
            assertThat(error.code()).isEqualTo("REQUEST.TOO_LARGE");
            assertThat(error.field()).isEqualTo("image");
        });
    }

    @ParameterizedTest
    @MethodSource("good")
    void aGoodRequestIsTaken(SampleRequest request) {
        // When
        RequestOutcome outcome = validation.decide(request.key(), request.body());

        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        RequestOutcome.Taken.class,
                        taken -> assertThat(EventJson.read(EventJson.text(taken.job()), Job.class))
                                .isEqualTo(taken.job()));
    }

    /** A catalogue of one model, like the demo model but for these lines. */
    private static RequestValidation rules(String lines) {
        String entry = """
                name: other
                sizeMultiple: 16
                frameMultiple: 4
                size: 128x128
                numFrames: 17
                fps: 8
                steps: 50
                guidanceScale: 5
                flowShift: 3
                scheduler: euler
                """;
        String catalogue = "defaultModel: other\nmodels:\n-\n" + (entry + lines).indent(2);
        return new RequestValidation(
                CatalogueReader.read(catalogue, "test"), "videos", Clock.systemUTC(), new Random(1));
    }

    private static RequestOutcome decide(RequestValidation rules, String json) {
        return rules.decide(Optional.empty(), json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatOnlySomeModelsHaveAUseForIsTakenByThose() {
        // Given
        String image =
                "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLv"
                        + "AAAAAElFTkSuQmCC";
        RequestValidation rules = rules("fields: [guidanceScale2, trueCfgScale, useDynamicCfg, image, lastImage]");
        // When
        RequestOutcome outcome = decide(
                rules,
                "{\"prompt\": \"a\", \"guidanceScale2\": 3, \"trueCfgScale\": 4.5, \"useDynamicCfg\": true, \"image\": \""
                        + image + "\", \"lastImage\": \"" + image + "\"}");
        // Then
        Job job = ((RequestOutcome.Taken) outcome).job();
        assertThat(job.guidanceScale2()).hasValue(3);
        assertThat(job.trueCfgScale()).hasValue(4.5);
        assertThat(job.useDynamicCfg()).contains(true);
        assertThat(job.image()).isPresent().isEqualTo(job.lastImage());
        assertThat(EventJson.read(EventJson.text(job), Job.class)).isEqualTo(job);
    }

    @Test
    void whatAModelHasNoUseForIsRefusedUnlessItSaysNothing() {
        // Given
        RequestValidation rules = rules("fields: [image, lastImage]");
        // When
        RequestOutcome refused =
                decide(rules, "{\"prompt\": \"a\", \"negativePrompt\": \"b\", \"flowShift\": 5, \"trueCfgScale\": 4}");
        RequestOutcome taken = decide(rules, "{\"prompt\": \"a\", \"negativePrompt\": \"\", \"flowShift\": 3}");
        RequestOutcome alone = decide(
                rules,
                "{\"prompt\": \"a\", \"lastImage\": \"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeA"
                        + "AAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC\"}");
        // Then
        String allowed = "nothing: model other has no use for it, but for image, lastImage";
        assertThat(((RequestOutcome.Refused) refused).errors())
                .containsExactly(
                        new FieldError("VALIDATION.UNSUPPORTED", "negativePrompt", "b", allowed),
                        new FieldError("VALIDATION.UNSUPPORTED", "flowShift", "5", allowed),
                        new FieldError("VALIDATION.UNSUPPORTED", "trueCfgScale", "4", allowed));
        assertThat(taken).isInstanceOf(RequestOutcome.Taken.class);
        assertThat(((RequestOutcome.Refused) alone).errors())
                .extracting(FieldError::code)
                .containsExactly("VALIDATION.COMBINATION");
    }

    @Test
    void whatAModelNeedsMustBeThere() {
        // Given
        RequestValidation rules = rules("fields: [image]\nneeds: [image]\nlimits: {minFrames: 9, maxHeight: 128}");
        // When
        RequestOutcome refused = decide(rules, "{\"prompt\": \"a\", \"numFrames\": 5, \"size\": \"64x256\"}");
        // Then
        assertThat(((RequestOutcome.Refused) refused).errors())
                .containsExactlyInAnyOrder(
                        new FieldError("VALIDATION.REQUIRED", "image", "", "what model other needs in every request"),
                        new FieldError("VALIDATION.RANGE", "numFrames", "5", "1, or 9 to 65536 for model other"),
                        new FieldError(
                                "VALIDATION.RANGE",
                                "size",
                                "64x256",
                                "from 16x16 to 16384x128 for model other, such as 64x128"));
    }

    @Test
    void theSecondGuidanceIsTheModelsWhereTheRequestSaysNothingOfGuidance() {
        // Given
        RequestValidation rules = rules("fields: [guidanceScale2]\nguidanceScale2: 3");
        // When
        Job open = ((RequestOutcome.Taken) decide(rules, "{\"prompt\": \"a\"}")).job();
        Job first = ((RequestOutcome.Taken) decide(rules, "{\"prompt\": \"a\", \"guidanceScale\": 7}")).job();
        Job second = ((RequestOutcome.Taken) decide(rules, "{\"prompt\": \"a\", \"guidanceScale2\": 2}")).job();
        // Then
        assertThat(open.guidanceScale2()).hasValue(3);
        assertThat(first.guidanceScale2()).isEmpty();
        assertThat(second.guidanceScale2()).hasValue(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"policy\": \"precise\"} | 8 | 9 or more with cache.policy precise",
                "{\"policy\": \"precise\", \"warmUp\": 12} | 12 | more than cache.warmUp, which is 12",
                "{\"policy\": \"fixed\", \"steps\": [0, 4]} | 4 | more than the largest of cache.steps",
                "{\"policy\": \"dbcache\", \"computeMask\": [1,0,0,1,0,0,1,0,0,1]} | 9 | as many as cache.computeMask has"
            })
    void stepsOfWhichNoneCouldBeLeftOutAreRefused(String cache, int steps, String allowed) {
        // Given
        String request = "{\"prompt\": \"a\", \"steps\": %d, \"cache\": %s}";
        // When
        FieldError refused = refuse(request.formatted(steps, cache));
        // Then
        assertThat(refused.code()).isEqualTo("VALIDATION.COMBINATION");
        assertThat(refused.field()).isEqualTo("steps");
        assertThat(refused.allowed()).startsWith(allowed);
        assertThat(decide(request.formatted(steps + 1, cache))).isInstanceOf(RequestOutcome.Taken.class);
    }

    @Test
    void onlyThePromptIsNeededAndTheRestIsShownResolved() {
        // When
        Job job = take("{\"prompt\": \"a red ball\"}");

        // Then
        assertThat(job)
                .isEqualTo(new Job(
                        job.jobId(),
                        "a red ball",
                        "",
                        "demo",
                        new Size(128, 128),
                        17,
                        8,
                        50,
                        5.0,
                        3.0,
                        "euler",
                        job.seed(),
                        CacheSettings.NONE,
                        new Output("videos", job.jobId() + ".mp4"),
                        Optional.empty(),
                        Map.of(),
                        NOW,
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        assertThat(job.seed()).isNotNegative();
        assertThat(take("{\"prompt\": \"a red ball\"}").seed()).isNotEqualTo(job.seed());
    }

    @Test
    void aPresetIsRefinedBySingleOptionsAndResolvedWhereNoneIsNamed() {
        assertThat(take("{\"prompt\": \"a\", \"cache\": {\"policy\": \"precise\", \"alpha\": 0.6}}")
                        .cache())
                .isEqualTo(new CacheSettings("precise", Optional.of("base"), Map.of("alpha", 0.6)));
    }

    @Test
    void theKeyNamesTheJob() {
        // When
        RequestOutcome outcome =
                validation.decide(Optional.of("job-7"), "{\"prompt\": \"a\"}".getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(outcome.jobId()).isEqualTo("job-7");
    }

    @Test
    void aRefusalGoesUnderTheNameThatItsSenderGaveUnlessThatIsVeryLong() {
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        assertThat(validation.decide(Optional.of("a b"), body).jobId()).isEqualTo("a b");
        assertThat(JobIds.isValid(
                        validation.decide(Optional.of("k".repeat(300)), body).jobId()))
                .isTrue();
    }

    @Test
    void theSameIdempotencyKeyNamesTheSameJob() {
        // Given
        String json = "{\"prompt\": \"a\", \"idempotencyKey\": \"%s\"}";

        // Then
        assertThat(decide(json.formatted("x")).jobId())
                .isEqualTo(decide(json.formatted("x")).jobId());
        assertThat(decide(json.formatted("x")).jobId())
                .isNotEqualTo(decide(json.formatted("y")).jobId());
    }

    @Test
    void theHashTellsRequestsApartButNotTheirForms() {
        // Given
        var first = (RequestOutcome.Taken) decide("{\"prompt\": \"a\", \"steps\": 3}");
        var reordered = (RequestOutcome.Taken) decide("{ \"steps\":3, \"prompt\":\"a\" }");
        var other = (RequestOutcome.Taken) decide("{\"prompt\": \"a\", \"steps\": 4}");

        // Then
        assertThat(reordered.requestHash()).isEqualTo(first.requestHash()).hasSize(64);
        assertThat(other.requestHash()).isNotEqualTo(first.requestHash());
    }

    @Test
    void drawnNamesSortByAge() {
        // Given
        String earlier = JobIds.next(NOW, new Random(2));
        String later = JobIds.next(NOW.plusMillis(1), new Random(1));

        // Then
        assertThat(earlier).isLessThan(later).matches(JobIds::isValid).hasSize(32);
    }

    @Test
    void anErrorShowsTheValueShortenedAndWhatIsAllowed() {
        assertThat(refuse("{\"prompt\": \"a\", \"steps\": 0}"))
                .isEqualTo(new FieldError("VALIDATION.RANGE", "steps", "0", "a whole number from 1 to 1000"));
        assertThat(refuse("{\"prompt\": \"a\", \"size\": \"130x120\"}").allowed())
                .isEqualTo("width and height multiples of 16 for model demo, such as 128x128");
        assertThat(refuse("{\"prompt\": \"a\", \"numFrames\": 16}").allowed())
                .isEqualTo("4n + 1 for model demo, such as 13 or 17");
        assertThat(refuse("{\"prompt\": \"" + "b".repeat(20_000) + "\"}").value())
                .isEqualTo("b".repeat(80) + "… (20000 characters)");
        assertThat(refuse("{\"prompt\": \"a\", \"output\": {\"key\": \"a\\u0000b\"}}")
                        .value())
                .isEqualTo("a\\u0000b");
    }

    @Test
    void moreBytesThanAnyRequestHasAreNotEvenRead() {
        assertThat(refuse(" ".repeat(RequestReader.MAX_BYTES + 1)).code()).isEqualTo("REQUEST.TOO_LARGE");
    }

    @Test
    void everyPolicyOfTheTableHasAName() {
        assertThat(CachePolicies.names()).startsWith("none", "fixed", "precise");
    }
}
