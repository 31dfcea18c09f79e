using Mono.Cecil;

namespace PeakS3Feed.Tests.Architecture;

/// <summary>One type uses another of the same assembly. A nested type counts as the type that contains it.</summary>
internal readonly record struct TypeUse(TypeDefinition From, TypeDefinition To);

/// <summary>
/// The types of a compiled assembly, and which of them use which.
/// <para>A type uses another when its base, its attributes or its signatures name it, and when its code names it, calls a member of it, or calls
/// a member whose signature names it. The last finds most enums: their values are plain numbers in IL, but the members that take and return them are not.
/// Three uses leave no trace in IL, so no test sees them: a constant of another type (the compiler copies its value), an enum value that only
/// meets numbers, and <c>nameof</c>.</para>
/// </summary>
internal sealed class CompiledAssembly : IDisposable
{
    private readonly AssemblyDefinition _assembly;

    private CompiledAssembly(AssemblyDefinition assembly) => _assembly = assembly;

    /// <summary>The types of our source that are not nested in others.</summary>
    public IEnumerable<TypeDefinition> Types => _assembly.MainModule.Types.Where(t => t.Namespace.Split('.')[0] == "PeakS3Feed");

    /// <summary>The names of the assemblies that this one refers to.</summary>
    public IEnumerable<string> References => _assembly.MainModule.AssemblyReferences.Select(r => r.Name);

    public static CompiledAssembly Open(string path) => new(AssemblyDefinition.ReadAssembly(path));

    public void Dispose() => _assembly.Dispose();

    /// <summary>Every use of one type by another.</summary>
    public IReadOnlySet<TypeUse> Uses()
    {
        var uses = new HashSet<TypeUse>();
        foreach (var type in Types)
        {
            foreach (var named in WithNested(type).SelectMany(Named).SelectMany(Parts))
            {
                if (named.Scope == type.Module && Top(named.Resolve()) is var used && used != type && used.Namespace.Split('.')[0] == "PeakS3Feed")
                    uses.Add(new(type, used));
            }
        }

        return uses;
    }

    private static TypeDefinition Top(TypeDefinition type) => type.DeclaringType is { } outer ? Top(outer) : type;

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) => type.NestedTypes.SelectMany(WithNested).Prepend(type);

    private static IEnumerable<TypeReference> Named(TypeDefinition type)
    {
        var members = type.Methods.SelectMany(Named)
            .Concat(type.Fields.SelectMany(f => Attributes(f).Append(f.FieldType)))
            .Concat(type.Properties.SelectMany(p => Attributes(p).Append(p.PropertyType)))
            .Concat(type.Events.SelectMany(e => Attributes(e).Append(e.EventType)))
            .Concat(type.Interfaces.SelectMany(i => Attributes(i).Append(i.InterfaceType)))
            .Concat(type.GenericParameters.SelectMany(Constraints))
            .Concat(Attributes(type));
        return type.BaseType is { } parent ? members.Append(parent) : members;
    }

    private static IEnumerable<TypeReference> Named(MethodDefinition method)
    {
        var named = Signature(method)
            .Concat(method.GenericParameters.SelectMany(Constraints))
            .Concat(Attributes(method))
            .Concat(method.Parameters.SelectMany(Attributes));
        return method.HasBody
            ? named.Concat(method.Body.Instructions.SelectMany(i => Named(i.Operand)))
                .Concat(method.Body.ExceptionHandlers.Select(h => h.CatchType).OfType<TypeReference>())
            : named;
    }

    private static IEnumerable<TypeReference> Named(object? operand) => operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => Signature(method.ElementMethod).Concat(method.GenericArguments).Append(method.DeclaringType),
        MethodReference method => Signature(method).Append(method.DeclaringType),
        CallSite site => site.Parameters.Select(p => p.ParameterType).Append(site.ReturnType),
        _ => [],
    };

    private static IEnumerable<TypeReference> Signature(MethodReference method) => method.Parameters.Select(p => p.ParameterType).Append(method.ReturnType);

    private static IEnumerable<TypeReference> Constraints(GenericParameter parameter) => parameter.Constraints.Select(c => c.ConstraintType);

    private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider provider) => provider.CustomAttributes.SelectMany(a =>
        a.ConstructorArguments.Concat(a.Properties.Select(p => p.Argument)).Concat(a.Fields.Select(f => f.Argument)).SelectMany(Values).Append(a.AttributeType));

    private static IEnumerable<TypeReference> Values(CustomAttributeArgument argument) => argument.Value switch
    {
        TypeReference type => [type, argument.Type],
        CustomAttributeArgument[] items => items.SelectMany(Values).Append(argument.Type),
        _ => [argument.Type],
    };

    // List<T[]> names List, T and the array of T; what counts are the types that are declared somewhere.
    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        FunctionPointerType pointer => pointer.Parameters.Select(p => p.ParameterType).Append(pointer.ReturnType).SelectMany(Parts),
        IModifierType modified => Parts(modified.ModifierType).Concat(Parts(modified.ElementType)),
        TypeSpecification of => Parts(of.ElementType),
        _ => [type],
    };
}
