//! The charts, in SVG.

use std::ops::Range;

use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::cases::{Form, Peer, Size, Types};
use crate::run::Outcome;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

const FONT: &str = "sans-serif";
const INK: RGBColor = RGBColor(50, 50, 50);
const GRID: RGBColor = RGBColor(225, 225, 225);
const WIDTH: u32 = 960;
/// The height of the title and the legend.
const HEADER: u32 = 96;

/// Tells neighbours apart for those who do not see red and green, too: by lightness and by marks.
fn color(peer: Peer) -> RGBColor {
    match peer {
        Peer::Memcpy | Peer::Memset => RGBColor(0, 0, 0),
        Peer::Stream => RGBColor(140, 140, 140),
        Peer::Lanesum => RGBColor(214, 39, 40),
        Peer::Cpp => RGBColor(126, 87, 194),
        Peer::Naive => RGBColor(140, 86, 75),
        Peer::Ndarray => RGBColor(255, 152, 0),
        Peer::Numba => RGBColor(46, 125, 50),
        Peer::Numpy => RGBColor(25, 118, 210),
        Peer::Torch => RGBColor(233, 100, 170),
        Peer::Polars => RGBColor(0, 172, 193),
        Peer::Arrow => RGBColor(158, 157, 36),
    }
}

/// Where the chart finds a peer's time.
fn form(peer: Peer) -> Form {
    if peer.always_allocates() { Form::Fresh } else { Form::Out }
}

fn label(peer: Peer) -> String {
    let allocates = if peer.always_allocates() { " (allocates)" } else { "" };
    format!("{}{allocates}", peer.title())
}

fn text(size: f64, anchor: Pos) -> TextStyle<'static> {
    (FONT, size).into_font().color(&INK).pos(anchor)
}

/// Those who have a time in one of these, in the order of the legend.
fn present(outcomes: &[&Outcome]) -> Vec<Peer> {
    let has = |peer: &Peer| outcomes.iter().any(|row| row.time((*peer, form(*peer))).is_some());
    let mut peers: Vec<Peer> = Peer::ALL.into_iter().filter(has).collect();
    // What it is about comes first.
    peers.sort_by_key(|&peer| peer != Peer::Lanesum);
    peers
}

/// A picture with a title and a legend, and the rest of it to draw on.
fn picture(
    svg: &mut String,
    height: u32,
    (title, caption): (&str, &str),
    peers: &[Peer],
    draw: impl FnOnce(&Area<'_>) -> Result<()>,
) -> Result<()> {
    let root = SVGBackend::with_string(svg, (WIDTH, height)).into_drawing_area();
    root.fill(&WHITE)?;
    let top = |size| text(size, Pos::new(HPos::Left, VPos::Top));
    root.draw(&Text::new(title.to_owned(), (16, 10), top(19.0)))?;
    root.draw(&Text::new(caption.to_owned(), (16, 34), top(13.0)))?;
    // Six to a line.
    for (index, &peer) in peers.iter().enumerate() {
        let (x, y) = ((16 + index % 6 * 155) as i32, (60 + index / 6 * 19) as i32);
        let style = color(peer).filled();
        root.draw(&Rectangle::new([(x, y - 5), (x + 18, y + 5)], style))?;
        let middle = text(13.0, Pos::new(HPos::Left, VPos::Center));
        root.draw(&Text::new(label(peer), (x + 24, y), middle))?;
    }
    let (_, rest) = root.split_vertically(HEADER);
    draw(&rest)?;
    root.present().map_err(|error| anyhow!("a chart cannot be drawn: {error}"))
}

/// GB/s against size, a panel for each type. `None` where there are no lanes to show.
pub(crate) fn throughput(outcomes: &[Outcome], caption: &str) -> Result<Option<String>> {
    let lanes: Vec<&Outcome> = outcomes.iter().filter(|row| row.case.is_lane()).collect();
    let has_rows = |types: &Types| lanes.iter().any(|row| row.case.types == *types);
    let types: Vec<Types> = Types::ALL.into_iter().filter(has_rows).collect();
    if types.is_empty() {
        return Ok(None);
    }
    let peers = present(&lanes);
    let columns = types.len().min(2);
    let lines = types.len().div_ceil(columns);
    let mut svg = String::new();
    let title = "Cumulative sum of one lane, one thread: read and written, more is better";
    let height = HEADER + 300 * lines as u32;
    picture(&mut svg, height, (title, caption), &peers, |area| {
        // All charts have one scale.
        let speeds = lanes.iter().flat_map(|row| {
            peers.iter().filter_map(|&peer| row.gigabytes_per_second((peer, form(peer))))
        });
        let (low, high) =
            speeds.fold((f64::INFINITY, 0.0f64), |(low, high), s| (low.min(s), high.max(s)));
        let sizes = || lanes.iter().map(|row| row.case.shape[0]);
        let (smallest, largest) = (sizes().min().unwrap_or(1), sizes().max().unwrap_or(1));
        // Ticks say which; a little air for marks at the edges.
        let x = ((smallest as f64).log2() - 0.4)..((largest as f64).log2() + 0.4);
        let y = (low.log10() - 0.05)..(high.log10() + 0.08);
        let panels = area.split_evenly((lines, columns));
        for (panel, &types) in panels.iter().zip(&types) {
            let rows: Vec<&Outcome> =
                lanes.iter().copied().filter(|row| row.case.types == types).collect();
            draw_panel(panel, types, &rows, &peers, (x.clone(), y.clone()))?;
        }
        Ok(())
    })?;
    Ok(Some(svg))
}

/// A coordinate that has its ticks where it is told to.
struct Ticks {
    range: Range<f64>,
    bold: Vec<f64>,
    light: Vec<f64>,
}

impl Ranged for Ticks {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let part = (value - self.range.start) / (self.range.end - self.range.start);
        limit.0 + (part * f64::from(limit.1 - limit.0)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() { self.light.clone() } else { self.bold.clone() }
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

/// Both coordinates are logarithms: of base 2 for sizes, and of base 10 for GB/s.
fn draw_panel(
    panel: &Area<'_>,
    types: Types,
    rows: &[&Outcome],
    peers: &[Peer],
    (x, y): (Range<f64>, Range<f64>),
) -> Result<()> {
    // 64, 1Ki, 16Ki, .. 64Mi.
    let exponents = (0..40).map(f64::from).filter(|e| x.contains(e) && e % 4.0 == 2.0);
    let x_ticks: Vec<f64> = exponents.collect();
    let decades = || (-4..5).flat_map(|decade| [1.0, 2.0, 5.0].map(|m: f64| (m, decade)));
    let tick = |(m, decade): (f64, i32)| m.log10() + f64::from(decade);
    let ticks = |wanted: &dyn Fn(f64) -> bool| -> Vec<f64> {
        decades().filter(|t| wanted(t.0)).map(tick).filter(|t| y.contains(t)).collect()
    };
    let (bold, light) = (ticks(&|m| m == 1.0), ticks(&|m| m != 1.0));
    // A narrow range has names for all of its lines.
    let bold = if bold.len() < 2 { ticks(&|_| true) } else { bold };

    let mut chart = ChartBuilder::on(panel)
        .margin(8)
        .margin_right(16)
        .caption(types.name(), (FONT, 15).into_font().style(FontStyle::Bold).color(&INK))
        .x_label_area_size(40)
        .y_label_area_size(52)
        .build_cartesian_2d(
            Ticks { range: x, bold: x_ticks, light: Vec::new() },
            Ticks { range: y, bold, light },
        )?;
    chart
        .configure_mesh()
        .bold_line_style(GRID)
        .light_line_style(GRID.mix(0.5))
        .axis_style(INK)
        .label_style((FONT, 13).into_font().color(&INK))
        .axis_desc_style((FONT, 14).into_font().color(&INK))
        .x_desc("elements")
        .y_desc("GB/s")
        .x_label_formatter(&|x| Size(x.exp2().round() as usize).to_string())
        .y_label_formatter(&|y| {
            let value = 10f64.powf(*y);
            let digits = if value < 0.095 { 2 } else { usize::from(value < 0.95) };
            format!("{value:.digits$}")
        })
        .draw()?;
    // The last is on top.
    for &peer in peers.iter().rev() {
        let points: Vec<(f64, f64)> = rows
            .iter()
            .filter_map(|row| {
                let speed = row.gigabytes_per_second((peer, form(peer)))?;
                Some(((row.case.shape[0] as f64).log2(), speed.log10()))
            })
            .collect();
        let width = if peer == Peer::Lanesum { 3 } else { 1 };
        let style = color(peer).stroke_width(width);
        if peer.is_yardstick() || peer.always_allocates() {
            chart.draw_series(DashedLineSeries::new(points.iter().copied(), 6, 3, style))?;
        } else {
            chart.draw_series(LineSeries::new(points.iter().copied(), style))?;
        }
        if !peer.is_yardstick() {
            let size = if peer == Peer::Lanesum { 4 } else { 2 };
            let mark = |point| Circle::new(point, size, color(peer).filled());
            chart.draw_series(points.iter().copied().map(mark))?;
        }
    }
    Ok(())
}

/// The pixels of a bar, and between two cases.
const BAR: i32 = 10;
const GAP: i32 = 10;
/// The place for the names of the cases.
const NAMES: i32 = 250;

/// The speed of each peer over `memcpy`'s, bars for each case. `None` where there are no axes to show.
pub(crate) fn axes(outcomes: &[Outcome], caption: &str) -> Result<Option<String>> {
    let rows: Vec<&Outcome> = outcomes.iter().filter(|row| row.case.axis.is_some()).collect();
    if rows.is_empty() {
        return Ok(None);
    }
    let mut peers = present(&rows);
    peers.retain(|peer| !peer.is_yardstick());
    let speed = |row: &Outcome, peer| row.ratio((peer, form(peer))).map(|ratio| 1.0 / ratio);
    let speeds = rows.iter().flat_map(|row| peers.iter().filter_map(|&peer| speed(row, peer)));
    // A tenth more for the numbers behind the bars.
    let most = speeds.fold(1.0, f64::max) * 1.1;
    let group = BAR * peers.len() as i32 + GAP;
    let height = HEADER as i32 + group * rows.len() as i32 + 60;

    let mut svg = String::new();
    let title = "Cumulative sums along axes, one thread: speed over memcpy's, more is better";
    picture(&mut svg, height as u32, (title, caption), &peers, |area| {
        let right = WIDTH as i32 - 24;
        let pixel = |value: f64| NAMES + (value / most * f64::from(right - NAMES)) as i32;
        let bottom = group * rows.len() as i32;
        let below = |size| text(size, Pos::new(HPos::Center, VPos::Top));
        let step = if most > 2.5 { 0.5 } else { 0.2 };
        for value in (0..).map(|i| f64::from(i) * step).take_while(|value| *value <= most) {
            let is_memcpy = (value - 1.0).abs() < 1e-9;
            let line = vec![(pixel(value), 0), (pixel(value), bottom)];
            let style = if is_memcpy { BLACK.stroke_width(1) } else { GRID.stroke_width(1) };
            area.draw(&PathElement::new(line, style))?;
            let place = (pixel(value), bottom + 6);
            area.draw(&Text::new(format!("{value:.1}"), place, below(13.0)))?;
        }
        let name = "speed (1 is memcpy of the same bytes)".to_owned();
        let place = ((NAMES + right) / 2, bottom + 26);
        area.draw(&Text::new(name, place, below(14.0)))?;

        for (index, row) in rows.iter().enumerate() {
            let top = index as i32 * group + GAP / 2;
            let case = &row.case;
            let layout = if case.fortran { ", F to C order" } else { "" };
            let axis = case.axis.unwrap_or(0);
            let (extents, types) = (case.extents(" x "), case.types.name());
            let name = format!("{extents} {types}{layout}, axis {axis}");
            let beside = text(13.0, Pos::new(HPos::Right, VPos::Center));
            area.draw(&Text::new(name, (NAMES - 8, top + (group - GAP) / 2), beside))?;
            for (bar, &peer) in peers.iter().enumerate() {
                let Some(value) = speed(row, peer) else { continue };
                let y = top + bar as i32 * BAR;
                let corners = [(NAMES, y), (pixel(value).max(NAMES + 1), y + BAR - 2)];
                area.draw(&Rectangle::new(corners, color(peer).filled()))?;
                let after = text(10.0, Pos::new(HPos::Left, VPos::Center));
                let place = (pixel(value) + 4, y + BAR / 2);
                area.draw(&Text::new(format!("{value:.2}"), place, after))?;
            }
        }
        Ok(())
    })?;
    Ok(Some(svg))
}
