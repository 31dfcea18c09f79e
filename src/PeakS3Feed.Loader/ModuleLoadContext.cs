using System.Reflection;
using System.Runtime.Loader;

namespace PeakS3Feed.Loader;

/// <summary>
/// Loads the module's assemblies and all they depend on, apart from those of other modules in the session. This is the only assembly
/// of the module in the default load context.
/// </summary>
public sealed class ModuleLoadContext : AssemblyLoadContext
{
    // Static, because a process has one set of the module's types: runspaces hand objects to each other, and Remove-Module unloads nothing.
    private static readonly Lazy<ModuleLoadContext> Shared = new(() => new ModuleLoadContext(LibraryFolder));
    private readonly AssemblyDependencyResolver _resolver;
    private readonly string _folder;

    private ModuleLoadContext(string folder)
        : base("PeakS3Feed")
    {
        _folder = folder;
        _resolver = new AssemblyDependencyResolver(Path.Combine(folder, "PeakS3Feed.dll"));
    }

    private static string LibraryFolder => Path.Combine(Path.GetDirectoryName(typeof(ModuleLoadContext).Assembly.Location)!, "lib");

    /// <summary>Loads an assembly of the module, once for each process.</summary>
    /// <param name="name">Its simple name.</param>
    public static Assembly LoadModuleAssembly(string name)
        => Shared.Value.LoadFromAssemblyPath(Path.Combine(Shared.Value._folder, name + ".dll"));

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // PowerShell's own assemblies are the session's: a copy of them would know nothing of its pipeline.
        if (assemblyName.Name is "System.Management.Automation")
            return null;
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
        => _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : nint.Zero;
}
