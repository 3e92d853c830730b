/** The storage service: fragments of an MP4 in, one object in a bucket and the job's last event out. */
@NullMarked
package io.lowpass.storage;

import org.jspecify.annotations.NullMarked;
