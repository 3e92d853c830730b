/**
 * Chunk streams from Kafka, put together and handed to a stage of the pipeline frame by frame.
 *
 * <p>{@link io.lowpass.streaming.ChunkConsumer} reads a topic of chunks in an ordinary consumer group,
 * {@link io.lowpass.streaming.PipelineStage} is what a service does with the frames of one job. What both have to get right is
 * here once: order, reassembly, fencing of older attempts, cancel, one terminal event a job, and committing only what is
 * whole.
 */
@NullMarked
package io.lowpass.streaming;

import org.jspecify.annotations.NullMarked;
