/**
 * The way in: requests from Kafka and HTTP become jobs or rejections, and everybody can ask what became of a job.
 *
 * <p>{@link io.lowpass.ingestion.RequestIntake} decides about requests, {@link io.lowpass.ingestion.JobViews} keeps the
 * view of all jobs that the topics tell of, {@link io.lowpass.ingestion.JobResource} and
 * {@link io.lowpass.ingestion.EventStreams} show it over HTTP.
 */
@NullMarked
package io.lowpass.ingestion;

import org.jspecify.annotations.NullMarked;
