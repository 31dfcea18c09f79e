using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace PeakS3Feed.Loader;

/// <summary>
/// Loads the module's assemblies and all they depend on, apart from those of other modules in the session. This is the only assembly
/// of the module in the default load context.
/// </summary>
public sealed class ModuleLoadContext : AssemblyLoadContext
{
    // The loaders of all versions share it. A loader is in the process before it knows whether its copy may be used.
    private const string FolderInUse = "PeakS3Feed.ModuleFolder";

    // Static, because a process has one set of the module's types: runspaces hand objects to each other, and Remove-Module unloads nothing.
    private static readonly Lazy<ModuleLoadContext> Shared = new(() => new ModuleLoadContext(Path.Combine(ModuleFolder, "lib")));
    private readonly AssemblyDependencyResolver _resolver;
    private readonly string _folder;
    private readonly string _compiled;

    private ModuleLoadContext(string folder)
        : base("PeakS3Feed")
    {
        _folder = folder;
        _compiled = Path.Combine(folder, "compiled", Platform);
        _resolver = new AssemblyDependencyResolver(Path.Combine(folder, "PeakS3Feed.dll"));
    }

    /// <summary>This process's platform, as the build names its folders; for example linux-x64.</summary>
    public static string Platform => (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")
        + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    // The loader is in the module's folder.
    private static string ModuleFolder => Path.GetDirectoryName(typeof(ModuleLoadContext).Assembly.Location)!;

    /// <summary>
    /// The assemblies to import: the core, whose types people use by name, and the cmdlets. Loads them once for each process. A property, because
    /// PowerShell shows the message of its exception as it is, and compiles more code for the call of a method.
    /// </summary>
    /// <exception cref="RuntimeException">The script that reads the property is that of another copy of the module.</exception>
    public static Assembly[] ModuleAssemblies
    {
        get
        {
            var script = Runspace.DefaultRunspace?.Debugger?.GetCallStack().FirstOrDefault()?.ScriptName;
            var imported = script is null ? ModuleFolder : Path.GetDirectoryName(script)!;
            var used = AppContext.GetData(FolderInUse) as string ?? ModuleFolder;
            if (!string.Equals(used, imported, StringComparison.OrdinalIgnoreCase))
            {
                throw new RuntimeException(
                    $"Another copy of PeakS3Feed is loaded in this session, from {used}. Start a new session to use the one in {imported}.")
                {
                    WasThrownFromThrowStatement = true, // else the script goes on
                };
            }
            AppContext.SetData(FolderInUse, ModuleFolder);
            return [Shared.Value.LoadOwn("PeakS3Feed.Core"), Shared.Value.LoadOwn("PeakS3Feed")];
        }
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // PowerShell's own assemblies are the session's: a copy of them would know nothing of its pipeline.
        if (assemblyName.Name is "System.Management.Automation")
            return null;
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(Compiled(path)) : null;
    }

    private Assembly LoadOwn(string name) => LoadFromAssemblyPath(Compiled(Path.Combine(_folder, name + ".dll")));

    // The image of an assembly that is compiled to machine code for this platform; else the assembly, which the runtime compiles as it runs.
    private string Compiled(string path)
    {
        var image = Path.Combine(_compiled, Path.GetFileName(path));
        return File.Exists(image) ? image : path;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
        => _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : nint.Zero;
}
