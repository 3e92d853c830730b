/** The storage service: stores the fragments of an MP4 as one object and publishes the end of the job. */
@NullMarked
package io.lowpass.storage;

import org.jspecify.annotations.NullMarked;
