package io.lowpass.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What answers of an object store mean. */
class StoreAnswersTest {

    @ParameterizedTest
    @CsvSource({
        "400, RequestTimeout,            PASSING",
        "409, OperationAborted,          PASSING",
        "409, ConditionalRequestConflict, PASSING",
        "400, BadDigest,                 PASSING",
        "400, XAmzContentSHA256Mismatch, PASSING",
        "400, IncompleteBody,            PASSING",
        "403, RequestTimeTooSkewed,      PASSING",
        "503, SlowDown,                  PASSING",
        "503, ServiceUnavailable,        PASSING",
        "500, InternalError,             PASSING",
        "200, InternalError,             PASSING",
        "507, InsufficientStorage,       PASSING",
        "502, '',                        PASSING",
        "408, '',                        PASSING",
        "429, '',                        PASSING",
        "403, InvalidAccessKeyId,        CREDENTIALS",
        "403, SignatureDoesNotMatch,     CREDENTIALS",
        "400, ExpiredToken,              CREDENTIALS",
        "400, InvalidToken,              CREDENTIALS",
        "403, AccessDenied,              CREDENTIALS",
        "401, '',                        CREDENTIALS",
        "403, '',                        CREDENTIALS",
        "404, NoSuchBucket,              NO_BUCKET",
        "404, NoSuchUpload,              NO_UPLOAD",
        "400, InvalidPart,               NO_UPLOAD",
        "400, EntityTooSmall,            NO_UPLOAD",
        "404, NoSuchKey,                 NO_OBJECT",
        "404, '',                        NO_OBJECT",
        "412, PreconditionFailed,        OTHER_OBJECT",
        "400, InvalidArgument,           REFUSED",
        "400, KeyTooLongError,           REFUSED",
        "400, MetadataTooLarge,          REFUSED"
    })
    void anAnswerIsToldApartByItsCodeAndThenByItsStatus(int status, String code, StoreErrorClass errorClass) {
        assertThat(StoreErrorClass.of(status, code)).isEqualTo(errorClass);
    }
}
