package io.lowpass.storage;

import io.lowpass.contracts.Output;

/** The location of an object. */
record ObjectPath(String bucket, String key) {

    static ObjectPath of(Output output) {
        return new ObjectPath(output.bucket(), output.key());
    }

    /** The location in the form of a job's output. */
    Output output() {
        return new Output(bucket, key);
    }

    /** The location as a URI. */
    String uri() {
        return output().uri();
    }
}
