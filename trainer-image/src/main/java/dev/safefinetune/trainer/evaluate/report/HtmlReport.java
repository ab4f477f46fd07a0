package dev.safefinetune.trainer.evaluate.report;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.Treatment;
import dev.safefinetune.contract.Verdict;
import freemarker.core.HTMLOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A safety report as a self-contained page: style, script and data are in it, and its policy forbids any request. */
public final class HtmlReport {
    private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private HtmlReport() {}

    /** The page. */
    public static String of(SafetyReport report) {
        Map<String, Object> page = new HashMap<>();
        page.put("report", report);
        page.put("passed", report.verdict() == Verdict.PASSED);
        Treatment treatment = Treatment.of(report);
        page.put("treatment", treatment);
        page.put("vector", treatment.protection() == Treatment.Protection.VECTOR);
        page.put("measures", ArmBars.measures(report));
        page.put("arms", ArmBars.arms(report));
        page.put("repair", ArmBars.beforeRepair(report));
        page.put("forms", FormRow.of(report));
        page.put("judged", JudgeRow.of(report));
        page.put("suites", SuiteRow.of(report));
        page.put("tokens", FormRow.tokens(report));
        page.put("comparisons", ComparisonRow.of(report));
        page.put("materials", report.materials());
        page.put("hasTraining", report.training() != null);
        page.put("hasScreening", report.training() != null && report.training().screening() != null);
        page.put("json", json(report));
        page.put("style", text(CHARTS + "uPlot.min.css") + text("report.css"));
        page.put("charts", text(CHARTS + "uPlot.iife.min.js"));
        page.put("script", text("report.js"));
        StringWriter html = new StringWriter();
        try {
            configuration().getTemplate("report.ftlh").process(page, html);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TemplateException e) {
            throw new IllegalStateException("the report's template does not fit the report", e);
        }
        return html.toString();
    }

    private static Configuration configuration() {
        Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
        configuration.setClassForTemplateLoading(HtmlReport.class, "");
        configuration.setDefaultEncoding("UTF-8");
        configuration.setOutputFormat(HTMLOutputFormat.INSTANCE);
        configuration.setLocale(Locale.ROOT);
        configuration.setLogTemplateExceptions(false);
        configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        return configuration;
    }

    /** What the charts draw, unable to end the script element that it stands in. */
    private static String json(SafetyReport report) {
        return ContractJson.write(Series.of(report)).replace("<", "\\u003c");
    }

    private static String text(String resource) {
        try (InputStream in = Objects.requireNonNull(HtmlReport.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
