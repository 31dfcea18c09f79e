using System.Runtime.InteropServices;

namespace PeakS3Feed.Schemas;

/// <summary>The inferred type of a column.</summary>
/// <param name="Type">The type.</param>
/// <param name="Scale">The number of digits after the point; only for decimals.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct InferredType(ColumnType Type, int Scale = 0);
