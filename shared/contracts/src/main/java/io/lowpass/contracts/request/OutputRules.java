package io.lowpass.contracts.request;

import io.lowpass.contracts.Output;
import io.lowpass.contracts.RequestFields;
import io.lowpass.fields.FieldTable;
import io.lowpass.fields.Fields;
import io.lowpass.fields.Rule;
import io.lowpass.fields.Violation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a video may go: S3's rules for bucket names, and object keys that mean the same in every store and that a store
 * can hold whose objects are files.
 */
final class OutputRules {

    /** File systems take 255; stores put the upload's id and the number of a part before and behind while they write. */
    private static final int MAX_NAME_BYTES = 160;

    /** What S3Proxy calls the parts of an upload. */
    private static final String RESERVED_KEY_START = ".mpus-";

    /** Have no form in XML, in which a store lists keys. */
    private static final Pattern NO_XML = Pattern.compile("[\\x{FFFE}\\x{FFFF}]");

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final List<String> RESERVED_STARTS = List.of("xn--", "sthree-", "amzn-s3-demo-");
    private static final List<String> RESERVED_ENDS = List.of("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3");
    private static final String BUCKET_FORM = "3 to 63 of a-z 0-9 . -, the first and last a letter or digit, no two"
            + " dots together, no IP address, none of S3's reserved prefixes and suffixes";
    private static final String KEY_FORM =
            "names joined by single slashes, each of at most " + MAX_NAME_BYTES + " bytes in UTF-8 and none of them"
                    + " . or .., without control characters, backslashes, U+FFFE and U+FFFF, and not beginning with "
                    + RESERVED_KEY_START;

    private OutputRules() {}

    /** The bucket and key of a request, each with its default. */
    static Output resolve(Fields request, Output defaults) {
        var object = request.object("output");
        if (object.isEmpty()) {
            return defaults;
        }
        Fields output = request.within("output", object.get());
        FieldTable table = RequestFields.rule("output", Rule.Group.class).table();
        output.allowOnly(table.names());
        Optional<String> bucket = RequestFields.text(table, output, "bucket");
        if (bucket.filter(name -> !isBucket(name)).isPresent()) {
            output.refuse(Violation.FORM, "bucket", BUCKET_FORM);
        }
        Optional<String> key = RequestFields.text(table, output, "key");
        if (key.filter(name -> !isKey(name)).isPresent()) {
            output.refuse(Violation.FORM, "key", KEY_FORM);
        }
        return new Output(bucket.orElse(defaults.bucket()), key.orElse(defaults.key()), output.flag("overwrite"));
    }

    static boolean isBucket(String name) {
        return BUCKET.matcher(name).matches()
                && !name.contains("..")
                && !ADDRESS.matcher(name).matches()
                && RESERVED_STARTS.stream().noneMatch(name::startsWith)
                && RESERVED_ENDS.stream().noneMatch(name::endsWith);
    }

    static boolean isKey(String key) {
        return Stream.of(key.split("/", -1)).allMatch(OutputRules::isName)
                && !key.startsWith(RESERVED_KEY_START)
                && key.indexOf('\\') < 0
                && !NO_XML.matcher(key).find()
                && key.chars().noneMatch(Character::isISOControl);
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES;
    }
}
