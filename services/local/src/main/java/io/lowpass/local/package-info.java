/**
 * All four services in one process with an embedded Kafka and S3, and the commands that a person types.
 *
 * <p>{@link io.lowpass.local.LocalStack} starts the servers and the services; {@link io.lowpass.local.JobEvents} is an
 * ordinary Kafka client that follows one job, whichever broker that is on; the views show its events.
 */
@NullMarked
package io.lowpass.local;

import org.jspecify.annotations.NullMarked;
