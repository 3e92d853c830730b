package io.lowpass.fields;

/** What can be wrong with a request, a settings file or an option, and its code in events. */
public enum Violation {
    /** More bytes than a request may have. */
    TOO_LARGE("REQUEST.TOO_LARGE"),
    /** Bytes that are not UTF-8. */
    NOT_UTF8("REQUEST.NOT_UTF8"),
    /** Text that is not JSON. */
    NOT_JSON("REQUEST.NOT_JSON"),
    /** A record that is neither a request nor an event that holds one. */
    NOT_AN_EVENT("REQUEST.NOT_AN_EVENT"),
    /** JSON that is not an object. */
    NOT_AN_OBJECT("REQUEST.NOT_AN_OBJECT"),
    /** Objects within objects beyond the limit. */
    TOO_DEEP("REQUEST.TOO_DEEP"),
    /** A field that is there twice. */
    DUPLICATE_FIELD("REQUEST.DUPLICATE_FIELD"),
    /** A field that no request has. */
    UNKNOWN_FIELD("REQUEST.UNKNOWN_FIELD"),
    /** A field that every request needs. */
    REQUIRED("VALIDATION.REQUIRED"),
    /** A value of another type. */
    TYPE("VALIDATION.TYPE"),
    /** NaN or an infinite number. */
    NOT_FINITE("VALIDATION.NOT_FINITE"),
    /** A number below or above what is allowed. */
    RANGE("VALIDATION.RANGE"),
    /** A number that is not a multiple of what it must be. */
    MULTIPLE("VALIDATION.MULTIPLE"),
    /** Text of another form. */
    FORM("VALIDATION.FORM"),
    /** Text with nothing in it. */
    BLANK("VALIDATION.BLANK"),
    /** Text that is too long. */
    TOO_LONG("VALIDATION.TOO_LONG"),
    /** A value that is none of those there are. */
    UNKNOWN_VALUE("VALIDATION.UNKNOWN_VALUE"),
    /** A field that the model has no use for. */
    UNSUPPORTED("VALIDATION.UNSUPPORTED"),
    /** Fields that exclude each other, or none of several of which one is needed. */
    COMBINATION("VALIDATION.COMBINATION"),
    /** A name or an object key that another request has used. */
    DUPLICATE("VALIDATION.DUPLICATE");

    private final String code;

    Violation(String code) {
        this.code = code;
    }

    /** The code as it stands in events. */
    public String code() {
        return code;
    }
}
