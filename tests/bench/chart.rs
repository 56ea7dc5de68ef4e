//! The chart of the report: wall times as bars, an SVG that reads on light and dark pages. Measures nothing.

use super::rows::Table;

/// Draws it.
pub fn draw(table: &Table) -> String {
    let longest = table.bars.iter().map(|(_, time)| *time).fold(1.0, f64::max);
    let mut bars = String::new();
    for (index, (name, time)) in table.bars.iter().enumerate() {
        let (top, width) = (40 + index * 30, (time / longest * 420.0).max(2.0));
        let colour = if name.starts_with("zoom-runner") {
            "#2a7ae2"
        } else {
            "#9aa4b2"
        };
        bars.push_str(&format!(
            "<text x=\"190\" y=\"{}\" text-anchor=\"end\">{name}</text><rect x=\"200\" y=\"{top}\" width=\"{width:.1}\" height=\"20\" fill=\"{colour}\"/><text x=\"{:.1}\" y=\"{}\">{time:.1} ms</text>\n",
            top + 15,
            206.0 + width,
            top + 15,
        ));
    }
    let height = 50 + table.bars.len() * 30;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 {height}\" font-family=\"sans-serif\" font-size=\"13\" fill=\"#6b7685\">\n<style>@media (prefers-color-scheme: dark) {{ text {{ fill: #c3cad5 }} }}</style>\n<text x=\"10\" y=\"22\" font-size=\"15\">get_user over TLS, whole process, median wall time</text>\n{bars}</svg>\n"
    )
}
