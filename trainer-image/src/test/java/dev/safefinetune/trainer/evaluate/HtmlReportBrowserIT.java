package dev.safefinetune.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.trainer.evaluate.report.HtmlReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The report in a real headless Chromium. Pictures are left in {@code target/report}. */
class HtmlReportBrowserIT {
    private static final Path PICTURES = Path.of("target", "report");

    /** Chromium may still write to its profile while it ends. */
    @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.NEVER)
    private Path directory;

    private Browser browser;

    @SuppressWarnings("NullAway.Init")
    HtmlReportBrowserIT() {}

    @BeforeEach
    void start() throws IOException, InterruptedException {
        browser = Browser.start(Files.createDirectory(directory.resolve("profile")));
    }

    @AfterEach
    void stop() {
        browser.close();
    }

    private void show(SafetyReport report, String scheme, int width) throws IOException, InterruptedException {
        Path file = directory.resolve("report.html");
        Files.writeString(file, HtmlReport.of(report));
        browser.call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        browser.call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        browser.open(file);
        // Charts fit themselves to their place in the frames after loading.
        browser.evaluate("new Promise(done => setTimeout(done, 300))");
    }

    private void picture(String name) throws IOException {
        String data = browser.call("Page.captureScreenshot", Map.of("captureBeyondViewport", true))
                .path("data")
                .asText();
        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve(name + ".png"), Base64.getDecoder().decode(data));
    }

    @ParameterizedTest
    @CsvSource({"light, 1200", "dark, 1200", "light, 420", "dark, 420"})
    void drawsEveryChartInEachSchemeAndWidth(String scheme, int width) throws Exception {
        show(SampleReport.passed(), scheme, width);
        picture(scheme + "-" + width);

        assertThat(browser.complaints).isEmpty();
        assertThat(browser.evaluate("document.documentElement.dataset.charts").asText())
                .isEqualTo("4");
        assertThat(browser.evaluate(DRAWN).asInt()).isEqualTo(4);
        assertThat(browser.evaluate("document.querySelectorAll('#arms tbody tr').length")
                        .asInt())
                .isEqualTo(3);
        assertThat(browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
                        .asBoolean())
                .as("nothing sticks out to the side")
                .isTrue();
    }

    /** Number of canvases on which at least a thousand pixels are drawn. */
    private static final String DRAWN = """
            [...document.querySelectorAll('canvas')].filter(c => {
              const pixels = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
              let drawn = 0;
              for (let k = 3; k < pixels.length; k += 4) drawn += pixels[k] > 0 ? 1 : 0;
              return drawn > 1000;
            }).length""";

    @ParameterizedTest
    @CsvSource({"light", "dark"})
    void textStandsOutFromItsGround(String scheme) throws Exception {
        show(SampleReport.failed(), scheme, 1200);

        // WCAG 2.2: contrast of at least 4.5 for text.
        assertThat(browser.evaluate(CONTRAST).asDouble()).isGreaterThanOrEqualTo(4.5);
    }

    /** The least contrast of any text that stands directly on the page. */
    private static final String CONTRAST = """
            (() => {
              const light = colour => {
                const [r, g, b] = colour.match(/[0-9.]+/g).map(Number).map(v => {
                  v /= 255;
                  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
                });
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const ground = light(getComputedStyle(document.body).backgroundColor);
              const texts = [...document.querySelectorAll('h1, h2, p, td, th, li, figcaption, span')]
                .filter(e => e.textContent.trim() && !e.children.length);
              return Math.min(...texts.map(e => {
                const ink = light(getComputedStyle(e).color);
                return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
              }));
            })()""";

    @Test
    void asksForNothingButItself() throws Exception {
        show(SampleReport.passed(), "light", 1200);

        assertThat(browser.requests).singleElement().asString().endsWith("/report.html");
    }

    @Test
    void mayNotAskForAnythingElse() throws Exception {
        show(SampleReport.passed(), "light", 1200);

        String outcome = browser.evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', e => 'refused')")
                .asText();

        assertThat(outcome).isEqualTo("refused");
        assertThat(browser.complaints).anyMatch(c -> c.contains("Content Security Policy"));
    }

    @Test
    void aScriptThatThrowsTurnsThisRed() throws Exception {
        Path file = directory.resolve("broken.html");
        Files.writeString(file, "<script>nothing.here()</script>");

        browser.open(file);

        assertThat(browser.complaints).anyMatch(c -> c.contains("ReferenceError"));
    }

    @Test
    void showsWhatSpokeAgainstPublishing() throws Exception {
        show(SampleReport.failed(), "dark", 1200);
        picture("failed-dark-1200");

        assertThat(browser.evaluate("document.querySelectorAll('.findings li').length")
                        .asInt())
                .isGreaterThanOrEqualTo(3);
        assertThat(browser.evaluate("document.querySelector('.verdict').textContent")
                        .asText())
                .isEqualTo("Failed");
    }
}
