package io.lowpass.storage;

import io.lowpass.contracts.Output;

/** A place for an object. */
record ObjectPath(String bucket, String key) {

    static ObjectPath of(Output output) {
        return new ObjectPath(output.bucket(), output.key());
    }

    /** The place as jobs name it. */
    Output output() {
        return new Output(bucket, key);
    }

    /** The place as a URI. */
    String uri() {
        return output().uri();
    }
}
