using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>
/// The functions called for each value and row, in the library that SQLitePCL has loaded (the loader finds it by the same name). SQLitePCL's own
/// calls look up a handle and a wrapper each time. Functions that neither wait nor call back suppress the garbage collector's transition; a
/// step may write to the file, so it keeps the transition.
/// </summary>
internal static unsafe partial class SqliteNative
{
    private const string Library = "e_sqlite3";

    /// <summary>SQLITE_STATIC: the bytes do not move until the parameter is bound again or the statement ends.</summary>
    private const nint InPlace = 0;

    public static int BindText(nint statement, int index, byte* utf8, int length) => BindText(statement, index, utf8, length, InPlace);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64"), SuppressGCTransition, UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int BindInt64(nint statement, int index, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_double"), SuppressGCTransition, UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int BindDouble(nint statement, int index, double value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null"), SuppressGCTransition, UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int BindNull(nint statement, int index);

    [LibraryImport(Library, EntryPoint = "sqlite3_clear_bindings"), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int ClearBindings(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_step"), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int Step(nint statement);

    /// <summary>Call it only for a statement that has ended: then nothing needs to be undone.</summary>
    [LibraryImport(Library, EntryPoint = "sqlite3_reset"), SuppressGCTransition, UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int Reset(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_changes"), SuppressGCTransition, UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int Changes(nint connection);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text"), SuppressGCTransition, UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int BindText(nint statement, int index, byte* utf8, int length, nint destructor);
}
