using System.Runtime.InteropServices;

namespace PeakS3Feed.Formats.Csv;

/// <summary>A physical line in memory, whatever its quotes mean.</summary>
/// <param name="End">Behind its last byte.</param>
/// <param name="Next">Behind its line end.</param>
/// <param name="LineEnd">What the file's line end is by it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CsvLine(int End, int Next, CsvLineEnd LineEnd);
