package io.lowpass.storage;

import java.util.Locale;
import java.util.Set;

/** How an error response of the object store is handled. The only place that interprets these responses. */
enum StoreErrorClass {
    /** A transient error of the store or the network: the same call may succeed later. */
    PASSING,
    /** The credentials are rejected. They may be about to change, here or in the store. */
    CREDENTIALS,
    /** The bucket does not exist, but can be created. */
    NO_BUCKET,
    /** The upload or its parts no longer exist: it can be started again. */
    NO_UPLOAD,
    /** The object does not exist. */
    NO_OBJECT,
    /** A different object has replaced the expected one. */
    OTHER_OBJECT,
    /** The store permanently refuses the call. */
    REFUSED;

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;
    private static final int SERVER_TROUBLE = 500;
    private static final Set<Integer> PASSING_STATUS = Set.of(408, 425, 429);

    /** Some of these come with a 4xx status, or in the body of a 200 that was sent before the work was done. */
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

    /** Errors of an upload that has lost parts. */
    private static final Set<String> UPLOAD_CODES =
            Set.of("NOSUCHUPLOAD", "INVALIDPART", "INVALIDPARTORDER", "ENTITYTOOSMALL");

    /**
     * Classifies a response.
     *
     * @param status HTTP status
     * @param code the store's error code, such as {@code NoSuchKey}; may be empty
     */
    static StoreErrorClass of(int status, String code) {
        String known = code.toUpperCase(Locale.ROOT);
        // The code is more specific than the status.
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
