/** The storage service against a real broker and a real S3 server. */
@NullMarked
package io.lowpass.storage;

import org.jspecify.annotations.NullMarked;
