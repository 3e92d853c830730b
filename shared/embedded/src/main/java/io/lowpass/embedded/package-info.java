/** Kafka and S3 inside one JVM: what the local stack runs on, and the real thing that the tests run against. */
@NullMarked
package io.lowpass.embedded;

import org.jspecify.annotations.NullMarked;
