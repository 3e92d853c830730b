package io.lowpass.contracts.request;

import io.lowpass.contracts.Output;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where a video may go: S3's rules for bucket names, and object keys that mean the same in every store. */
final class OutputRules {

    private static final int MAX_KEY_BYTES = 1024;
    private static final int MAX_BUCKET_BYTES = 1024;
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final List<String> RESERVED_STARTS = List.of("xn--", "sthree-", "amzn-s3-demo-");
    private static final List<String> RESERVED_ENDS = List.of("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3");
    private static final String BUCKET_FORM = "3 to 63 of a-z 0-9 . -, the first and last a letter or digit, no two"
            + " dots together, no IP address, none of S3's reserved prefixes and suffixes";
    private static final String KEY_FORM =
            "names joined by single slashes, none of them . or .., without control characters or backslashes";

    private OutputRules() {}

    /** The bucket and key of a request, each with its default. */
    static Output resolve(Fields request, Output defaults) {
        var object = request.object("output");
        if (object.isEmpty()) {
            return defaults;
        }
        Fields output = request.within("output", object.get());
        output.allowOnly(List.of("bucket", "key"));
        Optional<String> bucket = output.text("bucket", MAX_BUCKET_BYTES);
        if (bucket.filter(name -> !isBucket(name)).isPresent()) {
            output.refuse(Problem.FORM, "bucket", BUCKET_FORM);
        }
        Optional<String> key = output.text("key", MAX_KEY_BYTES);
        if (key.filter(name -> !isKey(name)).isPresent()) {
            output.refuse(Problem.FORM, "key", KEY_FORM);
        }
        return new Output(bucket.orElse(defaults.bucket()), key.orElse(defaults.key()));
    }

    static boolean isBucket(String name) {
        return BUCKET.matcher(name).matches()
                && !name.contains("..")
                && !ADDRESS.matcher(name).matches()
                && RESERVED_STARTS.stream().noneMatch(name::startsWith)
                && RESERVED_ENDS.stream().noneMatch(name::endsWith);
    }

    static boolean isKey(String key) {
        return Stream.of(key.split("/", -1)).noneMatch(name -> name.isEmpty() || name.equals(".") || name.equals(".."))
                && key.indexOf('\\') < 0
                && key.chars().noneMatch(Character::isISOControl);
    }
}
