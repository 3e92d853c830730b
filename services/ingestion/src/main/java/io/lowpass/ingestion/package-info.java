/**
 * The ingestion service: turns requests from Kafka and HTTP into jobs or rejections, and shows the state of each job.
 *
 * <p>{@link io.lowpass.ingestion.RequestIntake} processes requests, {@link io.lowpass.ingestion.JobViews} keeps the state
 * of all jobs, {@link io.lowpass.ingestion.JobResource} and {@link io.lowpass.ingestion.EventStreams} expose it over HTTP.
 */
@NullMarked
package io.lowpass.ingestion;

import org.jspecify.annotations.NullMarked;
