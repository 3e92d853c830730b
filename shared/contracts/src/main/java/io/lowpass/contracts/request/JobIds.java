package io.lowpass.contracts.request;

import io.lowpass.contracts.Sha256;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Names of jobs: what a user may choose, and what is drawn where the user chooses none. */
public final class JobIds {

    /** In words, for error messages. */
    static final String FORM = "1 to 128 of A-Z a-z 0-9 . _ -, the first a letter or digit";

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final int DERIVED_BYTES = 16;

    private JobIds() {}

    /** Whether a user may name a job so: safe in keys, object names, addresses and logs. */
    public static boolean isValid(String id) {
        return VALID.matcher(id).matches();
    }

    /** A new name: 48 bits of time in milliseconds and 80 random ones, so that names sort by age. */
    public static String next(Instant now, RandomGenerator random) {
        byte[] tail = new byte[10];
        random.nextBytes(tail);
        return "%012x".formatted(now.toEpochMilli()) + HexFormat.of().formatHex(tail);
    }

    /** The name that goes with an idempotency key: the same key names the same job, whoever reads the request. */
    public static String of(String idempotencyKey) {
        byte[] hash = Sha256.of(idempotencyKey);
        return "i" + HexFormat.of().formatHex(Arrays.copyOf(hash, DERIVED_BYTES));
    }

    /** The name that a request gets: its key, else one that goes with its idempotency key, else a new one. */
    static String choose(Optional<String> key, Optional<String> idempotencyKey, Instant now, RandomGenerator random) {
        return key.or(() -> idempotencyKey.map(JobIds::of)).orElseGet(() -> next(now, random));
    }
}
