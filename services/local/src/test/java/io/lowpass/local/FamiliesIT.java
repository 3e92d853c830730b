package io.lowpass.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.testing.models.ModelFolders;
import io.lowpass.video.VideoFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged local stack with several models at once. */
class FamiliesIT {

    @TempDir
    private Path directory;

    @Test
    void oneStackServesModelsOfEveryFamily() throws Exception {
        // Given: names with dots among them
        Map<String, Path> folders = ModelFolders.in(directory.resolve("models"));
        List<String> names = List.of("cogvideox-1.5", "hunyuan-pipeline", "opensora", "wan22-pipeline");
        Path data = Files.createDirectories(directory.resolve("data"));
        try (ServedStack stack =
                new ServedStack(data, names.stream().map(folders::get).toList())) {
            stack.awaitReady();
            for (String model : names) {
                // When
                String job = stack.submit("{\"prompt\": \"a red ball\", \"model\": \"" + model
                        + "\", \"size\": \"64x48\", \"numFrames\": 17, \"steps\": 2}");
                stack.awaitState(job, "completed");

                // Then
                Path file = directory.resolve(model + ".mp4");
                Files.write(file, stack.get("/videos/" + job).body());
                VideoFile video = VideoFile.read(file);
                assertThat(video.frames()).as(model).hasSize(17);
                assertThat(List.of(video.width(), video.height())).containsExactly(64, 48);
            }
        }
    }
}
