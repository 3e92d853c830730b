package io.lowpass.lab.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.lab.plot.Axis.Range;
import io.lowpass.lab.plot.ScatterPlot.Group;
import io.lowpass.lab.plot.ScatterPlot.Mark;
import io.lowpass.lab.plot.Series.Point;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

class PlotTest {

    @Test
    void curvesBecomePolylinesWithTheirNames() throws Exception {
        // Given
        LinePlot plot = new LinePlot(
                "Change <per> step & \"prompt\"",
                Axis.linear("step"),
                Axis.log("change"),
                List.of(Series.of("a ball", 1, 10, 100, 1000), Series.of("a <cube>", 5, 0, 50, 500)));

        // When
        Document svg = parse(plot.draw());

        // Then: the zero, which a logarithm cannot show, leaves a dot and a rest
        assertThat(svg.getDocumentElement().getAttribute("aria-label")).isEqualTo("Change <per> step & \"prompt\"");
        assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(2);
        assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(1);
        assertThat(svg.getDocumentElement().getTextContent())
                .contains("a <cube>")
                .contains("step");
    }

    @Test
    void valuesLieWhereTheAxisSays() throws Exception {
        // Given
        LinePlot plot = new LinePlot(
                "one line",
                Axis.linear("x").within(0, 10),
                Axis.linear("y").within(0, 10),
                List.of(new Series("line", List.of(new Point(0, 0), new Point(5, 5), new Point(10, 10)))));

        // When
        Element line =
                (Element) parse(plot.draw()).getElementsByTagName("polyline").item(0);

        // Then: the frame goes from 66 to 662 and from 328 up to 14
        assertThat(line.getAttribute("points")).isEqualTo("66,328 364,171 662,14");
    }

    @Test
    void manyCurvesHaveNoLegendButTooltips() throws Exception {
        // Given
        List<Series> many = IntStream.range(0, 32)
                .mapToObj(i -> Series.of("prompt " + i, i, i + 1))
                .toList();

        // When
        Document svg = parse(new LinePlot("many", Axis.linear("x"), Axis.linear("y"), many).draw());

        // Then
        assertThat(svg.getElementsByTagName("rect").getLength()).isZero();
        assertThat(svg.getElementsByTagName("title").getLength()).isEqualTo(32);
    }

    @Test
    void theFrontIsJoinedAndLabelled() throws Exception {
        // Given
        List<Mark> marks = List.of(
                new Mark(1, 10, "cheap", "ours", Optional.of(new Range(9, 11)), true),
                new Mark(2, 8, "beaten", "theirs", Optional.empty(), false),
                new Mark(4, 20, "dear", "ours", Optional.empty(), true));

        List<Group> groups = List.of(new Group("ours", true), new Group("nobody's", true), new Group("theirs", true));

        // When
        Document svg = parse(new ScatterPlot("front", Axis.linear("s"), Axis.linear("dB"), groups, marks).draw());

        // Then
        List<String> texts = texts(svg);
        assertThat(texts).contains("cheap", "dear", "ours", "theirs").doesNotContain("beaten");
        assertThat(texts).doesNotContain("nobody's");
        assertThat(svg.getElementsByTagName("path").getLength())
                .as("marks and legend")
                .isEqualTo(3 + 2);
        Element front = (Element) svg.getElementsByTagName("polyline").item(0);
        assertThat(front.getAttribute("class")).isEqualTo("front");
        assertThat(front.getAttribute("points").split(" ")).hasSize(2);
    }

    @Test
    void labelsThatHaveNoPlaceAreLeftOut() throws Exception {
        // Given
        List<Mark> crowd = IntStream.range(0, 60)
                .mapToObj(i -> new Mark(1 + i * 1e-3, 5, "label " + i, "g", Optional.empty(), true))
                .toList();

        // When
        Document svg = parse(new ScatterPlot(
                        "crowd", Axis.linear("x").within(0, 9), Axis.linear("y"), List.of(new Group("g", false)), crowd)
                .draw());

        // Then
        assertThat(texts(svg).stream().filter(text -> text.startsWith("label"))).hasSizeBetween(1, 10);
    }

    @Test
    void shadesFollowTheNumbersAndGapsStayEmpty() throws Exception {
        // Given
        HeatMap map =
                new HeatMap("blocks", "step", "block", "change", List.of(List.of(0.0, 1.0), List.of(Double.NaN, 2.0)));

        // When
        Document svg = parse(map.draw());

        // Then
        Element least = (Element) svg.getElementsByTagName("rect").item(0);
        Element most = (Element) svg.getElementsByTagName("rect").item(2);
        assertThat(least.getAttribute("fill-opacity")).isEqualTo("0.04");
        assertThat(most.getAttribute("fill-opacity")).isEqualTo("1");
        assertThat(most.getTextContent()).isEqualTo("step 1, block 1: 2.00");
    }

    @Test
    void ticksAreRoundNumbers() {
        // When
        Ruler even = Ruler.fit(Axis.linear("x"), DoubleStream.of(0.13, 0.87));
        Ruler decades = Ruler.fit(Axis.log("x"), DoubleStream.of(0.002, 3000));
        Ruler narrow = Ruler.fit(Axis.log("x"), DoubleStream.of(3, 9));

        // Then
        assertThat(even.ticks()).map(even::text).containsExactly("0.2", "0.4", "0.6", "0.8");
        assertThat(decades.ticks()).map(decades::text).containsExactly("0.01", "0.1", "1", "10", "100", "1000");
        assertThat(narrow.ticks()).map(narrow::text).contains("4", "6", "8");
        assertThat(Ruler.fit(Axis.linear("x"), DoubleStream.of(0, 1e6)).text(200_000))
                .isEqualTo("2e5");
    }

    @Test
    void whatCannotBeShownIsRefused() {
        // When, Then
        assertThatThrownBy(() -> new LinePlot("x", Axis.linear("time"), Axis.linear("y"), List.of()).draw())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'time'");
        assertThatThrownBy(() -> new ScatterPlot(
                        "x",
                        Axis.linear("x"),
                        Axis.linear("y"),
                        List.of(new Group("a", true)),
                        List.of(new Mark(1, 1, "lost", "b", Optional.empty(), false))))
                .hasMessageContaining("'b' of mark 'lost' is not one of [a]");
        assertThatThrownBy(() -> new Range(2, 1)).hasMessageContaining("2.0 to 1.0");
        assertThatThrownBy(() -> new HeatMap("uneven", "", "", "", List.of(List.of(1.0), List.of(1.0, 2.0))))
                .hasMessageContaining("uneven");
    }

    @Test
    void charactersThatNoXmlHoldsAreShownAsUnknown() throws Exception {
        // When
        Document paragraph = parse(Markup.of("p", "a\u0001b").add(Markup.of("br")));

        // Then
        assertThat(paragraph.getDocumentElement().getTextContent()).isEqualTo("a\uFFFDb");
    }

    @Test
    void coloursAreForLightAndDark() {
        // When, Then
        assertThat(PlotStyle.css()).contains("prefers-color-scheme: dark").doesNotContain("url(", "@import", "<", "&");
    }

    private static List<String> texts(Document svg) {
        var nodes = svg.getElementsByTagName("text");
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> nodes.item(i).getTextContent())
                .toList();
    }

    private static Document parse(Markup markup) throws ParserConfigurationException, SAXException, IOException {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(markup.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
