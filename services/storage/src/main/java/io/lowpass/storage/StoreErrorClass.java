package io.lowpass.storage;

import java.util.Locale;
import java.util.Set;

/** What may be done about an answer of the object store that is no success. The one place where answers are told apart. */
enum StoreErrorClass {
    /** The store, or the way to it, has trouble that passes: the same call may work later. */
    PASSING,
    /** The keys are not taken. They may be about to be changed, here or in the store. */
    CREDENTIALS,
    /** The bucket is not there, and can be made. */
    NO_BUCKET,
    /** The upload and its parts are not there any more: it can be begun anew. */
    NO_UPLOAD,
    /** The object is not there. */
    NO_OBJECT,
    /** Another object is there than the one that was asked for. */
    OTHER_OBJECT,
    /** The store will never do this. */
    REFUSED;

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;
    private static final int SERVER_TROUBLE = 500;
    private static final Set<Integer> PASSING_STATUS = Set.of(408, 425, 429);

    /** Some come with a status of 4xx, or in the body of a 200 that was sent before the work was done. */
    private static final Set<String> PASSING_CODES = Set.of(
            "BADDIGEST",
            "BANDWIDTHLIMITEXCEEDED",
            "CLIENTDISCONNECTED",
            "CONDITIONALREQUESTCONFLICT",
            "INCOMPLETEBODY",
            "INTERNALERROR",
            "INVALIDDIGEST",
            "OPERATIONABORTED",
            "QUOTAEXCEEDED",
            "REQUESTLIMITEXCEEDED",
            "REQUESTTIMEOUT",
            "REQUESTTIMETOOSKEWED",
            "SERVICEUNAVAILABLE",
            "SLOWDOWN",
            "SLOWDOWNREAD",
            "SLOWDOWNWRITE",
            "TEMPORARILYUNAVAILABLE",
            "THROTTLING",
            "THROTTLINGEXCEPTION",
            "TOOMANYREQUESTS",
            "XAMZCONTENTCHECKSUMMISMATCH",
            "XAMZCONTENTSHA256MISMATCH",
            "XMINIOSERVERNOTINITIALIZED",
            "XMINIOSTORAGEFULL");

    private static final Set<String> CREDENTIAL_CODES = Set.of(
            "ACCESSDENIED",
            "ACCOUNTPROBLEM",
            "ALLACCESSDISABLED",
            "AUTHORIZATIONHEADERMALFORMED",
            "CREDENTIALSNOTSUPPORTED",
            "EXPIREDTOKEN",
            "INVALIDACCESSKEYID",
            "INVALIDSECURITY",
            "INVALIDTOKEN",
            "NOTSIGNEDUP",
            "SIGNATUREDOESNOTMATCH",
            "TOKENREFRESHREQUIRED");

    /** What became of an upload that lacks parts it once had. */
    private static final Set<String> UPLOAD_CODES =
            Set.of("NOSUCHUPLOAD", "INVALIDPART", "INVALIDPARTORDER", "ENTITYTOOSMALL");

    /**
     * What the answer means.
     *
     * @param status of HTTP
     * @param code the store's, such as {@code NoSuchKey}; may be empty
     */
    static StoreErrorClass of(int status, String code) {
        String known = code.toUpperCase(Locale.ROOT);
        // The code says more than the status.
        if (PASSING_CODES.contains(known)) {
            return PASSING;
        }
        if (CREDENTIAL_CODES.contains(known)) {
            return CREDENTIALS;
        }
        if (UPLOAD_CODES.contains(known)) {
            return NO_UPLOAD;
        }
        return switch (known) {
            case "NOSUCHBUCKET" -> NO_BUCKET;
            case "NOSUCHKEY" -> NO_OBJECT;
            case "PRECONDITIONFAILED" -> OTHER_OBJECT;
            default -> of(status);
        };
    }

    private static StoreErrorClass of(int status) {
        if (status >= SERVER_TROUBLE || PASSING_STATUS.contains(status)) {
            return PASSING;
        }
        return switch (status) {
            case UNAUTHORIZED, FORBIDDEN -> CREDENTIALS;
            case NOT_FOUND -> NO_OBJECT;
            case PRECONDITION_FAILED -> OTHER_OBJECT;
            default -> REFUSED;
        };
    }
}
