package form

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"

	"motcua/kiosk/identity"
)

// Expr is a condition or a value in CEL, the Common Expression Language: kase == "rent" && days(from, today) > 30.
//
// Its names are the fields of the form, each as its kind has it, and kase, today, hour, age, male, female, local and answered.
// A name without an answer is an error of CEL, and an expression that ends in one is false, or has no value: nobody is
// asked, refused or believed because of what is not known.
type Expr string

// The names that are no fields.
const (
	nameCase     = "kase" // case is a reserved word
	nameToday    = "today"
	nameHour     = "hour" // of the day, 0 to 23
	nameAge      = "age"  // of the holder, in years
	nameMale     = "male"
	nameFemale   = "female"
	nameLocal    = "local"    // the office's settings
	nameAnswered = "answered" // the fields that have an answer
)

var reserved = []string{nameCase, nameToday, nameHour, nameAge, nameMale, nameFemale, nameLocal, nameAnswered}

// Limits of an expression: its length, and what evaluating it may cost in steps of CEL.
const (
	maxExpr = 1000
	maxCost = 50_000
)

// errType: an expression does not give what its place wants.
var errType = errors.New("form: wrong type")

// want is what the place of an expression wants of it.
type want int

const (
	wantBool  want = iota // a condition
	wantValue             // a text, a number or a day
)

// Rules are the compiled conditions of a form, and of the service around it.
type Rules struct {
	d        *Definition
	cases    []string
	env      *cel.Env
	programs map[Expr]cel.Program
	names    map[Expr][]FieldID // the fields that it mentions
}

// base has the functions that all forms have.
var base = sync.OnceValues(func() (*cel.Env, error) {
	day, whole, text := cel.TimestampType, cel.IntType, cel.StringType
	between := func(name string, f func(a, b identity.Date) int) cel.EnvOption {
		return cel.Function(name, cel.Overload(name+"_day_day", []*cel.Type{day, day}, whole,
			cel.BinaryBinding(func(a, b ref.Val) ref.Val {
				return types.Int(f(dateOf(a), dateOf(b)))
			})))
	}
	return cel.NewEnv(
		between("days", func(a, b identity.Date) int { return int(b.Time().Sub(a.Time()).Hours() / 24) }),
		between("months", fullMonths),
		between("age", func(a, b identity.Date) int { return fullMonths(a, b) / 12 }),
		cel.Function("date", cel.Overload("date_text", []*cel.Type{text}, day, cel.UnaryBinding(func(v ref.Val) ref.Val {
			d, err := identity.ParseDate(string(v.(types.String)))
			if err != nil {
				return types.NewErr("no date")
			}
			return types.Timestamp{Time: d.Time()}
		}))),
		cel.Variable(nameCase, text), cel.Variable(nameToday, day), cel.Variable(nameHour, whole), cel.Variable(nameAge, whole),
		cel.Variable(nameMale, cel.BoolType), cel.Variable(nameFemale, cel.BoolType),
		cel.Variable(nameLocal, cel.ListType(text)), cel.Variable(nameAnswered, cel.ListType(text)),
	)
})

func dateOf(v ref.Val) identity.Date { return identity.DateOf(v.(types.Timestamp).UTC()) }

// fullMonths counts the months from a to b that are over.
func fullMonths(a, b identity.Date) int {
	if b.Before(a) {
		return -fullMonths(b, a)
	}
	n := (b.Year-a.Year)*12 + int(b.Month) - int(a.Month)
	if b.Before(a.AddMonths(n)) {
		n--
	}
	return n
}

// newRules makes the names of the form known.
func newRules(d *Definition, cases []string) (*Rules, error) {
	env, err := base()
	if err != nil {
		return nil, err
	}
	var names []cel.EnvOption
	for _, f := range d.Fields {
		if f.ID != "" && !slices.Contains(reserved, string(f.ID)) {
			names = append(names, cel.Variable(string(f.ID), f.celType()))
		}
	}
	if env, err = env.Extend(names...); err != nil {
		return nil, err
	}
	return &Rules{d, cases, env, map[Expr]cel.Program{}, map[Expr][]FieldID{}}, nil
}

func (f Field) celType() *cel.Type {
	switch {
	case f.Dated():
		return cel.TimestampType
	case f.Kind == Number:
		return cel.IntType
	case f.Kind == Many:
		return cel.ListType(cel.StringType)
	case f.Kind == Group:
		return cel.ListType(cel.MapType(cel.StringType, cel.StringType))
	}
	return cel.StringType
}

// add compiles an expression; the error says in words of whoever wrote it what is wrong.
func (r *Rules) add(e Expr, w want) error {
	if len(e) > maxExpr {
		return fmt.Errorf("an expression has at most %d characters", maxExpr)
	}
	tree, issues := r.env.Compile(string(e))
	if issues.Err() != nil {
		return errors.New(complaint(issues))
	}
	switch t := tree.OutputType(); {
	case w == wantBool && !t.IsExactType(cel.BoolType):
		return fmt.Errorf("%w: a condition is true or false, this gives %s", errType, t)
	case w == wantValue && !slices.ContainsFunc([]*cel.Type{cel.StringType, cel.IntType, cel.TimestampType}, t.IsExactType):
		return fmt.Errorf("%w: a value is a text, a number or a day, this gives %s", errType, t)
	}
	if err := r.literals(tree.NativeRep()); err != nil {
		return err
	}
	program, err := r.env.Program(tree, cel.CostLimit(maxCost), cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return err
	}
	r.programs[e], r.names[e] = program, r.mentioned(tree.NativeRep())
	return nil
}

// complaint is CEL's first message without its drawing of the place.
func complaint(issues *cel.Issues) string {
	first := issues.Errors()[0]
	return fmt.Sprintf("column %d: %s", first.Location.Column()+1, strings.Split(first.Message, "\n")[0])
}

// mentioned lists the form's fields that an expression names, also in answered.
func (r *Rules) mentioned(tree *ast.AST) []FieldID {
	var ids []FieldID
	add := func(name string) {
		id := FieldID(name)
		if _, ok := r.d.Field(id); ok && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	ast.PreOrderVisit(ast.NavigateAST(tree), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() == ast.IdentKind {
			add(e.AsIdent())
		}
		if args := operands(e); len(args) == 2 && args[1].Kind() == ast.IdentKind && args[1].AsIdent() == nameAnswered {
			for _, name := range constants(args[0]) {
				add(name)
			}
		}
	}))
	return ids
}

// operands are both sides of a comparison; nil for anything else.
func operands(e ast.Expr) []ast.Expr {
	if e.Kind() != ast.CallKind {
		return nil
	}
	comparing := []string{operators.Equals, operators.NotEquals, operators.In}
	if c := e.AsCall(); len(c.Args()) == 2 && slices.Contains(comparing, c.FunctionName()) {
		return c.Args()
	}
	return nil
}

// literals finds what types cannot: a word compared with a choice that does not have it, a column that no group has.
func (r *Rules) literals(tree *ast.AST) error {
	var wrong error
	check := func(one, other ast.Expr) {
		if words := r.words(one); words != nil {
			for _, s := range constants(other) {
				if !slices.Contains(words, s) {
					wrong = errors.Join(wrong, fmt.Errorf("%q is none of %s", s, strings.Join(words, ", ")))
				}
			}
		}
	}
	ast.PreOrderVisit(ast.NavigateAST(tree), ast.NewExprVisitor(func(e ast.Expr) {
		if args := operands(e); args != nil {
			check(args[0], args[1])
			check(args[1], args[0])
		}
		if e.Kind() == ast.SelectKind {
			if name := FieldID(e.AsSelect().FieldName()); !r.column(name) {
				wrong = errors.Join(wrong, fmt.Errorf("no group has a column %q", name))
			}
		}
	}))
	return wrong
}

func (r *Rules) column(id FieldID) bool {
	return slices.ContainsFunc(r.d.Fields, func(f Field) bool { _, ok := f.Column(id); return ok })
}

// words are all that the named thing can be; nil if that is open.
func (r *Rules) words(e ast.Expr) []string {
	if e.Kind() != ast.IdentKind {
		return nil
	}
	switch name := e.AsIdent(); name {
	case nameCase:
		return append([]string{""}, r.cases...)
	case nameAnswered:
		var ids []string
		for _, f := range r.d.Fields {
			ids = append(ids, string(f.ID))
		}
		return ids
	default:
		f, _ := r.d.Field(FieldID(name))
		var ids []string
		for _, o := range f.Choices {
			ids = append(ids, o.ID)
		}
		return ids
	}
}

// constants are the texts of an expression that is one, or a list of some.
func constants(e ast.Expr) []string {
	var texts []string
	switch e.Kind() {
	case ast.LiteralKind:
		if s, ok := e.AsLiteral().(types.String); ok {
			texts = append(texts, string(s))
		}
	case ast.ListKind:
		for _, item := range e.AsList().Elements() {
			texts = append(texts, constants(item)...)
		}
	}
	return texts
}

// eval gives the value of a compiled expression; false if it has none, or was never compiled.
func (r *Rules) eval(e Expr, s *Sheet) (ref.Val, bool) {
	if r == nil {
		return nil, false
	}
	program, ok := r.programs[e]
	if !ok {
		return nil, false
	}
	v, _, err := program.Eval(names{s, r.names[e]})
	return v, err == nil && !types.IsUnknownOrError(v)
}
