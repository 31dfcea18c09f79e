using System.Runtime.InteropServices;

namespace PeakS3Feed.Formats.Csv;

/// <summary>A physical line in memory. Quotes have no meaning for it.</summary>
/// <param name="End">The index after its last byte.</param>
/// <param name="Next">The index after its line end.</param>
/// <param name="LineEnd">The file's line end according to this line.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CsvLine(int End, int Next, CsvLineEnd LineEnd);
