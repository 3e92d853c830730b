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
        Job two = job.with("image", image).with("lastImage", image);
        String text = "b".repeat(5 * InlineImage.MAX_LENGTH);
        Job three = EventJson.read(EventJson.text(two).replace("\"a\"", "\"" + text + "\""), Job.class);

        // Then
        assertThat(Travel.fits(new RequestOutcome.Taken(two, "0".repeat(64)))).isTrue();
        assertThat(Travel.fits(new RequestOutcome.Taken(three, "0".repeat(64)))).isFalse();
        assertThat(Travel.tooLarge(three)).satisfies(error -> {
            assertThat(error.code()).isEqualTo("REQUEST.TOO_LARGE");
            assertThat(error.field()).isEqualTo("prompt");
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
        assertThat(job.number("guidanceScale2")).hasValue(3);
        assertThat(job.number("trueCfgScale")).hasValue(4.5);
        assertThat(job.flag("useDynamicCfg")).isTrue();
        assertThat(job.image("image")).isPresent().isEqualTo(job.image("lastImage"));
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
        assertThat(open.number("guidanceScale2")).hasValue(3);
        assertThat(first.number("guidanceScale2")).isEmpty();
        assertThat(second.number("guidanceScale2")).hasValue(2);
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
                        Map.of()));
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
    void stepsAreTheNumberOfTheSigmas() {
        // When
        Job job = take("{\"prompt\": \"a\", \"sigmas\": [1, 0.75, 0.5, 0.25]}");
        // Then
        assertThat(job.steps()).isEqualTo(4);
        assertThat(job.numbers("sigmas")).containsExactly(1.0, 0.75, 0.5, 0.25);
        assertThat(EventJson.read(EventJson.text(job), Job.class)).isEqualTo(job);
        assertThat(take("{\"prompt\": \"a\", \"sigmas\": [1, 0.5], \"steps\": 2}")
                        .steps())
                .isEqualTo(2);
        assertThat(refuse("{\"prompt\": \"a\", \"sigmas\": [1, 0.5], \"steps\": 3}"))
                .isEqualTo(
                        new FieldError("VALIDATION.COMBINATION", "steps", "3", "2, the number of sigmas, or nothing"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | RANGE | sigmas | a list of 1 to 1000 items",
                "0.5 | TYPE | sigmas | a list of 1 to 1000 items",
                "[0.5, 0.5] | COMBINATION | sigmas | numbers of which each is below the one before it",
                "[0.5, 0.75] | COMBINATION | sigmas | numbers of which each is below the one before it",
                "[0.5, 0.4999999999] | COMBINATION | sigmas | numbers of which each is below the one before it",
                "[1.5, 0.5] | RANGE | sigmas.0 | a number above 0 and at most 1",
                "[1, 0] | RANGE | sigmas.1 | a number above 0 and at most 1",
                "[1, NaN] | NOT_FINITE | sigmas.1 | a number above 0 and at most 1",
                "[\"high\"] | TYPE | sigmas.0 | a number above 0 and at most 1"
            })
    void sigmasThatNoScheduleCanFollowAreRefused(String sigmas, String code, String field, String allowed) {
        assertThat(refuse("{\"prompt\": \"a\", \"sigmas\": " + sigmas + "}")).satisfies(error -> {
            assertThat(error.code()).isEqualTo("VALIDATION." + code);
            assertThat(error.field()).isEqualTo(field);
            assertThat(error.allowed()).isEqualTo(allowed);
        });
    }

    @Test
    void sigmasAreRefusedWithASchedulerThatTakesNone() {
        assertThat(refuse("{\"prompt\": \"a\", \"sigmas\": [1, 0.5], \"scheduler\": \"dpm++\"}"))
                .isEqualTo(new FieldError(
                        "VALIDATION.UNSUPPORTED",
                        "sigmas",
                        "[1,0.5]",
                        "nothing with scheduler dpm++, only with euler, unipc"));
    }

    /** Settings that intake once took and the sampler refused. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"policy\": \"seacache\", \"power\": 1e-10} | cache.power | a number from 1.0E-9 to 100",
                "{\"policy\": \"precise\", \"alpha\": 1001} | cache.alpha | a number from 0 to 1000",
                "{\"policy\": \"pab\", \"spatialWindow\": [0.2, 0.8]} | cache.spatialWindow | a list of two ascending numbers with",
                "{\"policy\": \"pab\", \"windowUnit\": \"stepFraction\", \"spatialWindow\": [100, 850]} | cache.spatialWindow | a list of two",
                "{\"policy\": \"pab\", \"preset\": \"cogvideox\", \"windowUnit\": \"stepFraction\"} | cache.windowUnit | timestep, the unit of",
                "{\"policy\": \"pab\", \"feedForward\": {}} | cache.feedForward.starts | a list of 1 to 1000 items",
                "{\"policy\": \"fastercache\", \"attentionPhase\": 2} | cache.attentionPhase | below attentionEvery, which is 2",
                "{\"policy\": \"precise\", \"spatialFactor\": 1, \"temporalFactor\": 1} | cache.spatialFactor | at least 2"
            })
    void whatTheSamplerWouldRefuseIsRefusedAtOnce(String cache, String field, String allowed) {
        assertThat(refuse("{\"prompt\": \"a\", \"cache\": " + cache + "}")).satisfies(error -> {
            assertThat(error.field()).isEqualTo(field);
            assertThat(error.allowed()).startsWith(allowed);
        });
    }

    @Test
    void aWarmUpOfTheTableCountsAsOneOfTheRequest() {
        assertThat(refuse("{\"prompt\": \"a\", \"steps\": 10, \"cache\": {\"policy\": \"easycache\"}}")
                        .allowed())
                .isEqualTo("more than cache.warmUp, which is 10");
    }
}
